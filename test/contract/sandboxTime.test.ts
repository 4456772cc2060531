import { startSandbox, type Sandbox } from '../../dev/sandbox/server';
import { callsTo } from './calls';

/** What the service does with time: its clock, what it removes, and what it limits. */
describe('time in the sandbox', () => {
	let sandbox: Sandbox;
	let calls: ReturnType<typeof callsTo>;

	beforeEach(async () => {
		sandbox = await startSandbox({ bootMs: 0 });
		calls = callsTo(sandbox);
	});
	afterEach(async () => await sandbox.stop());

	const image = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').toString('base64')}`;
	const removed = { output: null, input: {}, logs: null, data_removed: true, status: 'succeeded' };

	it('removes results after the time that is set, from the list as well', async () => {
		sandbox.retention.ms = 5_000;
		const { id } = await calls.run('sandbox/tokens', { prompt: 'x' });
		sandbox.clock.advance(4_000);
		expect((await calls.get(id)).json).toMatchObject({ output: ['x'], data_removed: false });
		sandbox.clock.advance(1_001);
		expect((await calls.get(id)).json).toMatchObject(removed);
		expect(await calls.list()).toMatchObject([removed]);
	});

	it('removes a result and its file on demand', async () => {
		const { id, output } = await calls.run('sandbox/variants', { image, shape: 'list' });
		expect((await fetch((output as string[])[0]!)).status).toBe(200);
		sandbox.predictions.removeData(id);
		expect((await calls.get(id)).json).toMatchObject(removed);
		expect((await fetch((output as string[])[0]!)).status).toBe(404);
	});

	it.each([-10, 10])(
		'has a clock that is off by %i minutes, wherever it shows',
		async (minutes) => {
			sandbox.clock.advance(minutes * 60_000);
			const { status, headers, json } = await calls.create('sandbox/tokens', { prompt: 'x' });
			expect(status).toBe(201);
			for (const time of [headers!.get('date')!, json!.created_at]) {
				expect(Math.round((Date.parse(time) - Date.now()) / 60_000)).toBe(minutes);
			}
			const { 'webhook-timestamp': signedAt } = sandbox.webhooks.sign('msg_1', '{}');
			expect(Math.round((Number(signedAt) * 1_000 - Date.now()) / 60_000)).toBe(minutes);
		},
	);

	it('takes 400 creates at 6 a minute, which are an hour, on a clock that runs 4,000 times as fast', async () => {
		sandbox.createLimit.options = { perMinute: 6, burst: 1 };
		const begun = sandbox.clock.now();
		const create = async () => await calls.create('sandbox/tokens', { prompt: 'x' });
		expect((await create()).status).toBe(201);
		expect((await create()).status).toBe(429);
		sandbox.clock.speed = 4_000;
		for (let created = 1; created < 400;) {
			const { status, json } = await create();
			if (status === 201) created += 1;
			else await new Promise((resolve) => setTimeout(resolve, json!.retry_after * 1_000));
		}
		expect(sandbox.predictions.all).toHaveLength(400);
		expect((sandbox.clock.now() - begun) / 60_000).toBeGreaterThanOrEqual(399 / 6);
	});
});
