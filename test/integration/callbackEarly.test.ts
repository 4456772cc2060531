import { itemsOf } from '../../dev/engine/engine';
import { callbackRun, holdItems, holdPredictions, numbered, texts, textsOf } from './callbackWorld';
import { NODE, runModel, startWorld, type World } from './world';
import { until } from '../timing';

const HOUR_MS = 60 * 60 * 1_000;

/** What a run does before it is suspended, and when the first result would expire. */
describe('results that callbacks alone would lose', () => {
	let world: World;
	beforeEach(async () => {
		world = await startWorld('filesystem', { bootMs: 1 });
	});
	afterEach(async () => await world.stop());

	const oneByOne = callbackRun({ options: { concurrency: 1 } });

	it('are there at once when all callbacks came while the run still created', async () => {
		// n8n refuses them, and Replicate does not call again.
		world.sandbox.webhooks.options = { retriesMs: [] };
		world.sandbox.predictions.createDelayMs = (input) => (input.label === 'item 2' ? 400 : 0);
		const execution = world.start({ parameters: oneByOne }, numbered(3));
		const settle = world.sandbox.holds.next('arrival', isReadById);
		await settle.reached;
		await Promise.all(world.sandbox.predictions.all.map(async ({ ended }) => await ended));
		settle.go();
		const run = await execution.finished;
		expect(run.status).toBe('success');
		expect(run.waitTill).toBeUndefined();
		expect(textsOf(run)).toEqual(texts(3));
		expect(itemsOf(run, NODE).map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2].map((item) => ({ item })),
		);
	});

	it('are found by the next callback when an earlier one came too early', async () => {
		world.sandbox.webhooks.options = { retriesMs: [] };
		const begin = holdItems(world.sandbox, 1);
		world.sandbox.predictions.createDelayMs = (input) => (input.label === 'item 1' ? 300 : 0);
		const execution = world.start({ parameters: oneByOne }, numbered(2));
		expect((await execution.finished).status).toBe('waiting');
		expect(world.sandbox.webhooks.deliveries.map(({ status }) => status)).toEqual([409]);
		begin();
		expect(textsOf(await execution.ended)).toEqual(texts(2));
	});

	it('do not stop the run while Replicate cannot be read', async () => {
		const begin = holdPredictions(world.sandbox);
		const blocked = { kind: 'answer', status: 403, body: '<html>blocked</html>' } as const;
		world.sandbox.faults.plan('GET', /\/predictions/, blocked, 1);
		const execution = world.start({ parameters: oneByOne }, numbered(2));
		expect((await execution.finished).status).toBe('waiting');
		begin();
		expect(textsOf(await execution.ended)).toEqual(texts(2));
	});

	it('are not waited for when the workflow is stopped at that moment', async () => {
		const { sandbox } = world;
		holdPredictions(sandbox);
		const execution = world.start({ parameters: oneByOne }, numbered(3));
		const settle = sandbox.holds.next('arrival', isReadById);
		await settle.reached;
		execution.stop();
		settle.go();
		const isCancelled = () => sandbox.predictions.all.every(({ status }) => status === 'canceled');
		await until(() => sandbox.predictions.all.length === 3 && isCancelled());
		const run = await execution.finished;
		expect(run.waitTill).toBeUndefined();
		expect(itemsOf(run, NODE)).toEqual([]);
		const { message, description } = run.data.resultData.error!;
		expect(message).toContain('stopped');
		for (const { id } of sandbox.predictions.all) expect(description).toContain(id);
	});

	it('go to the error output where the run has one, when all have ended before', async () => {
		const parameters = runModel('={{ $json.model }}', { waitFor: 'callback' });
		const execution = world.start({ parameters, onError: 'continueErrorOutput' }, [
			{ json: { model: 'sandbox/slow:x' } },
			{ json: { model: 'sandbox/fail' } },
		]);
		const settle = world.sandbox.holds.next('arrival', isReadById);
		await settle.reached;
		await world.sandbox.predictions.all[0]!.ended;
		settle.go();
		const run = await execution.finished;
		expect(run.status).toBe('success');
		expect(itemsOf(run, NODE)).toHaveLength(0);
		expect(itemsOf(run, NODE, 1).map(({ json }) => json.error)).toEqual([
			'"x" is not a version of sandbox/slow [item 0]',
			expect.stringMatching(/^The model ran out of memory/),
		]);
	});

	it('are fetched before they expire: 400 predictions at 6 creates a minute', async () => {
		const { sandbox } = world;
		// An hour and seven minutes in a quarter of a minute. The last prediction does not end so soon.
		sandbox.clock.speed = 300;
		sandbox.createLimit.options = { perMinute: 6, burst: 1 };
		const begin = holdItems(sandbox, 399);
		const startedAt = sandbox.clock.now();
		const parameters = callbackRun({ options: { concurrency: 5 } });
		const execution = world.start({ parameters }, numbered(400));
		expect((await execution.finished).status).toBe('waiting');
		sandbox.clock.speed = 1;
		expect(sandbox.clock.now() - startedAt).toBeGreaterThan(1.1 * HOUR_MS);
		// The first are gone at Replicate.
		const [first] = sandbox.predictions.all;
		expect(sandbox.retention.isOver(first!.completedAt!)).toBe(true);
		expect(sandbox.counts.reads).toBeLessThan(1.1 * 400);
		begin();

		execution.timeUp();
		const passed = itemsOf(await execution.ended, NODE);
		const missed = passed.filter(({ json }) => json.predictionId);
		expect(missed.length).toBeLessThan(150);
		const collecting = { operation: 'get', predictionId: '={{ $json.predictionId }}' };
		const got = await world.run({ parameters: { ...collecting, waitUntilFinished: true } }, missed);
		const fetched = passed.filter(({ json }) => json.text);
		const all = [...fetched, ...got.items].map(({ json }) => json.text);
		expect(all.sort()).toEqual(texts(400).sort());
		expect(sandbox.predictions.all).toHaveLength(400);
	});

	it('are passed on early when the first would expire: the finished as such, the others by id', async () => {
		const { sandbox } = world;
		// The first two end 46 minutes before their callbacks arrive.
		sandbox.clock.advance(-46 * 60_000);
		holdItems(sandbox, 2);
		const start = holdCallbacks(world);
		const execution = world.start({ parameters: oneByOne }, numbered(3));
		expect((await execution.finished).status).toBe('waiting');
		await Promise.all(sandbox.predictions.all.slice(0, 2).map(async ({ ended }) => await ended));
		sandbox.clock.advance(46 * 60_000);
		start();
		const run = await execution.ended;
		const [first, second, third] = itemsOf(run, NODE);
		expect([first!.json.text, second!.json.text]).toEqual(texts(2));
		expect(third!.json).toEqual({
			n: 2,
			seconds: 0,
			predictionId: sandbox.predictions.all[2]!.id,
		});
	});

	it('limit how long n8n waits for several, and not for one', async () => {
		holdPredictions(world.sandbox);
		const parameters = callbackRun({ options: { timeout: 7_200 } });
		const minutesOf = async (count: number) => {
			const { waitTill } = await world.start({ parameters }, numbered(count)).finished;
			return Math.round((waitTill!.getTime() - Date.now()) / 60_000);
		};
		expect([121, 122]).toContain(await minutesOf(1));
		expect(await minutesOf(3)).toBe(50);
	});

	it('are reported when they are gone all the same', async () => {
		const { sandbox } = world;
		const begin = holdPredictions(sandbox);
		const start = holdCallbacks(world);
		const execution = world.start({ parameters: oneByOne }, numbered(2));
		await execution.finished;
		begin();
		await Promise.all(sandbox.predictions.all.map(async ({ ended }) => await ended));
		const { id } = sandbox.predictions.all[0]!;
		sandbox.predictions.removeData(id);
		start();
		const run = await execution.ended;
		const gone = 'The prediction succeeded, but Replicate has removed its output [item 0]';
		expect(textsOf(run)).toEqual([gone, 'done after 0 s item 1']);
		const get = await world.run({ parameters: { operation: 'get', predictionId: id } });
		expect(get.error?.message).toBe(gone);
		expect(get.error?.description).toContain('an hour after the end');
		const all = await world.run({ parameters: { operation: 'getAll' } });
		expect(all.items.map(({ json }) => json.dataRemoved)).toEqual([undefined, true]);
		expect(all.run.data.resultData.runData[NODE]![0]!.hints).toEqual([
			expect.objectContaining({
				message: expect.stringMatching(
					/^One prediction no longer has its output, and its item says/,
				),
			}),
		]);
	});
});

function isReadById({ method, path }: { method: string; path: string }): boolean {
	return method === 'GET' && /\/predictions\/\w/.test(path);
}

/** Lets no callback leave until it is told to. */
function holdCallbacks({ sandbox }: World): () => void {
	let start!: () => void;
	const gate = new Promise<void>((resolve) => (start = resolve));
	sandbox.webhooks.options = { holdUntil: async () => await gate };
	return start;
}
