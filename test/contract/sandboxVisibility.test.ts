import { versionOf } from '../../dev/sandbox/models/model';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';
import { callsTo } from './calls';

/** What a client can see of predictions and trainings, and when. */
describe('what the sandbox shows', () => {
	let sandbox: Sandbox;
	let calls: ReturnType<typeof callsTo>;

	beforeAll(async () => {
		sandbox = await startSandbox({ bootMs: 0, now: () => Date.parse('2026-01-01T00:00:00Z') });
		calls = callsTo(sandbox);
	});
	afterEach(() => {
		sandbox.predictions.shown = {};
		sandbox.trainings.shown = {};
		sandbox.forget();
	});
	afterAll(async () => await sandbox.stop());

	it('a prediction in the list only after a while, and by its id at once', async () => {
		sandbox.predictions.shown.listLateMs = () => 3_000;
		const { id } = await calls.run('sandbox/tokens', { prompt: 'x' });
		expect(await calls.list()).toEqual([]);
		expect((await calls.get(id)).status).toBe(200);
		sandbox.clock.advance(3_000);
		expect(await calls.list()).toMatchObject([{ id }]);
	});

	it('a prediction by its id only after a while, though it can be cancelled', async () => {
		sandbox.predictions.shown.getLateMs = () => 3_000;
		const { id } = (await calls.create('sandbox/tokens', { prompt: 'x' })).json!;
		expect((await calls.get(id)).status).toBe(404);
		expect((await calls.cancel(id)).status).toBe(200);
		sandbox.clock.advance(3_000);
		expect((await calls.get(id)).status).toBe(200);
	});

	it.each([
		['outputs as null', { listedOutput: 'null' }, 'output', null],
		['no outputs', { listedOutput: 'missing' }, 'output', undefined],
		['empty inputs', { listedInput: 'empty' }, 'input', {}],
		['no inputs', { listedInput: 'missing' }, 'input', undefined],
	] as const)('a list with %s', async (_name, shown, key, value) => {
		sandbox.predictions.shown = shown;
		const { id } = await calls.run('sandbox/tokens', { prompt: 'x' });
		expect((await calls.list())[0]![key]).toEqual(value);
		expect((await calls.get(id)).json).toMatchObject({ output: ['x'], input: { prompt: 'x' } });
	});

	it('10,000 predictions of others in the account, 100 a page', async () => {
		const now = sandbox.clock.now();
		const model = (await modelNamed('tokens'))!;
		sandbox.predictions.addEnded(10_000, {
			owner: 'sandbox',
			model,
			input: { prompt: 'theirs' },
			from: now - 600_000,
			until: now,
		});
		const { id } = (await calls.create('sandbox/tokens', { prompt: 'ours' })).json!;
		const seen: string[] = [];
		let page = (await calls.call('GET', '/predictions')).json!;
		seen.push(...page.results.map(({ id: one }) => one));
		while (page.next) {
			page = (await calls.call('GET', page.next.slice(sandbox.baseUrl.length))).json!;
			seen.push(...page.results.map(({ id: one }) => one));
		}
		expect(seen[0]).toBe(id);
		expect(new Set(seen).size).toBe(10_001);
		expect(sandbox.counts.of('GET /predictions')).toBe(101);
	});

	it('its requests by route, until they are reset', async () => {
		const { id } = await calls.run('sandbox/tokens', { prompt: 'x' });
		await calls.get(id);
		await calls.get(id);
		await calls.list();
		expect(sandbox.counts.all).toEqual({
			'POST /predictions': 1,
			'GET /predictions/:id': 2,
			'GET /predictions': 1,
		});
		expect(sandbox.counts.reads).toBe(3);
		expect(sandbox.counts.bytesOf('GET /predictions/:id')).toBeGreaterThan(500);
		sandbox.counts.reset();
		expect(sandbox.counts.reads).toBe(0);
	});

	describe('of two trainings that differ in their destination only', () => {
		const version = versionOf({ owner: 'sandbox', name: 'trainable' });
		const train = async (destination: string) =>
			(
				await calls.call('POST', `/models/sandbox/trainable/versions/${version}/trainings`, {
					body: { destination, input: { input_images: 'data:text/plain;base64,eA==', steps: 1 } },
				})
			).json!;
		const listed = async () => (await calls.call('GET', '/trainings')).json!.results;
		beforeAll(async () => {
			for (const name of ['cats', 'dogs']) {
				const body = { owner: 'sandbox', name, visibility: 'private', hardware: 'cpu' };
				await calls.call('POST', '/models', { body });
			}
		});

		it('nothing that tells them apart while they run; then their output names it', async () => {
			const created = [await train('sandbox/cats'), await train('sandbox/dogs')];
			const told = (await listed()).map((one) => ({ ...one, id: '', urls: '', logs: '' }));
			expect(told[0]).toEqual(told[1]);
			expect(created[0]!.urls.get).toBe(`${sandbox.baseUrl}/predictions/${created[0]!.id}`);
			await Promise.all(sandbox.trainings.all.map(async ({ ended }) => await ended));
			const versions = (await listed()).map(
				({ output }) => (output as { version: string }).version,
			);
			expect(versions).toEqual([
				expect.stringMatching(/^sandbox\/dogs:/),
				expect.stringMatching(/^sandbox\/cats:/),
			]);
		});

		it('their destination, by a switch', async () => {
			sandbox.trainings.shown.namesDestination = true;
			await train('sandbox/cats');
			await train('sandbox/dogs');
			expect(await listed()).toMatchObject([
				{ destination: 'sandbox/dogs' },
				{ destination: 'sandbox/cats' },
			]);
		});
	});

	const modelNamed = async (name: string) => {
		await calls.run(`sandbox/${name}`, { prompt: 'x' });
		const found = sandbox.predictions.all.at(-1)?.model;
		sandbox.forget();
		return found;
	};
});
