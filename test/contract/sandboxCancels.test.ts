import { versionOf } from '../../dev/sandbox/models/model';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';
import { callsTo } from './calls';
import { until } from '../timing';

/** All that may become of a cancel. */
describe('a cancel in the sandbox', () => {
	let sandbox: Sandbox;
	let calls: ReturnType<typeof callsTo>;
	const slow = versionOf({ owner: 'sandbox', name: 'slow' });

	beforeAll(async () => {
		sandbox = await startSandbox({ bootMs: 0 });
		calls = callsTo(sandbox);
	});
	afterEach(() => {
		sandbox.predictions.cancels = {};
		sandbox.faults.forget();
	});
	afterAll(async () => await sandbox.stop());

	const running = async () => (await calls.create(slow, { seconds: 60 })).json!.id;
	const statusOf = async (id: string) => (await calls.get(id)).json!.status;

	it('of an ended prediction gives it as it is', async () => {
		const { id } = await calls.run('sandbox/tokens', { prompt: 'x' });
		expect(await calls.cancel(id)).toMatchObject({ status: 200, json: { status: 'succeeded' } });
	});

	it('of an ended prediction is refused, by a switch, and leaves it as it is', async () => {
		sandbox.predictions.cancels.refuseEndedWith = 409;
		const { id } = await calls.run('sandbox/tokens', { prompt: 'x' });
		const refused = await calls.cancel(id);
		expect(refused).toMatchObject({
			status: 409,
			json: { status: 409, detail: expect.anything() },
		});
		expect(refused.headers!.get('content-type')).toContain('application/problem+json');
		expect(await statusOf(id)).toBe('succeeded');
		const pending = await running();
		expect(await calls.cancel(pending)).toMatchObject({ json: { status: 'canceled' } });
	});

	it('fails as often as planned, with a status or a broken connection, and changes nothing', async () => {
		const id = await running();
		sandbox.faults.plan('POST', /\/cancel$/, { kind: 'answer', status: 503 }, 2);
		sandbox.faults.plan('POST', /\/cancel$/, { kind: 'cutBefore' });
		const seen = [await calls.cancel(id), await calls.cancel(id), await calls.cancel(id)];
		expect(seen.map(({ status }) => status)).toEqual([503, 503, undefined]);
		expect(await statusOf(id)).toBe('processing');
		expect((await calls.cancel(id)).json).toMatchObject({ status: 'canceled' });
	});

	it.each([
		['is lost', { kind: 'cutAfter' }, undefined],
		["is a proxy's", { kind: 'answerInstead', status: 502, body: '<h1>Bad gateway</h1>' }, 502],
	] as const)('takes effect though its response %s', async (_name, fault, status) => {
		const id = await running();
		sandbox.faults.plan('POST', /\/cancel$/, fault);
		expect((await calls.cancel(id)).status).toBe(status);
		expect(await statusOf(id)).toBe('canceled');
	});

	it('takes effect late, by a switch: the prediction runs on for a while', async () => {
		sandbox.predictions.cancels.lateMs = 100;
		const id = await running();
		expect((await calls.cancel(id)).json).toMatchObject({ status: 'processing' });
		await until(async () => (await statusOf(id)) === 'canceled');
	});
});
