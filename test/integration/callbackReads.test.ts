import { callbackRun, holdPredictions, numbered, texts, textsOf } from './callbackWorld';
import { startWorld, type World } from './world';
import { randomNumbers } from '../randomNumbers';

/** How many reads callbacks cost, through n8n's engine. Each case is one suspended execution. */
describe('the reads of a suspended run', () => {
	let world: World;
	beforeEach(async () => {
		world = await startWorld('filesystem', { bootMs: 1 });
	});
	afterEach(async () => await world.stop());

	/** Suspends so many predictions, counts from there on, and lets them end. */
	const suspended = async (count: number, seconds: (n: number) => number = () => 0) => {
		const { sandbox } = world;
		const begin = holdPredictions(sandbox);
		const items = numbered(count).map(({ json }, n) => ({
			json: { ...json, seconds: seconds(n) },
		}));
		const parameters = callbackRun({ options: { concurrency: 50 } });
		const execution = world.start({ parameters }, items);
		expect((await execution.finished).status).toBe('waiting');
		sandbox.counts.reset();
		begin();
		return execution;
	};

	it('are at most 2.2 for each of 100 predictions, shuffled, lost and doubled', async () => {
		const { sandbox } = world;
		sandbox.webhooks.options = {
			copies: 2,
			shuffleMs: 1_500,
			random: randomNumbers(),
			// All but the last few may be lost: nothing else says that the last one has ended.
			isLost: (_event, { input }) => Number(String(input.label).split(' ')[1]) % 7 === 3,
		};
		const execution = await suspended(100, (n) => ((n * 37) % 100) / 100);
		const run = await execution.ended;
		expect(textsOf(run)).toHaveLength(100);
		expect(textsOf(run).every((text) => String(text).startsWith('done'))).toBe(true);
		expect(sandbox.counts.reads).toBeLessThanOrEqual(220);
	});

	// And for 5,000, without n8n's engine: test/unit/jobs/awaitedJobs.test.ts.
	it('are as few for 300', async () => {
		world.sandbox.webhooks.options = { shuffleMs: 1_500, random: randomNumbers() };
		const execution = await suspended(300);
		expect(textsOf(await execution.ended)).toEqual(texts(300));
		expect(world.sandbox.counts.reads).toBeLessThanOrEqual(660);
	});

	it('stay so where 10,000 predictions of others are in the list', async () => {
		const { sandbox } = world;
		const execution = await suspended(100, () => 1);
		const [first] = sandbox.predictions.all;
		const last = sandbox.predictions.all.at(-1)!;
		const { owner, model } = first!;
		const [from, until] = [first!.createdAt, last.createdAt];
		sandbox.predictions.addEnded(10_000, { owner, model, input: {}, from, until });
		const run = await execution.ended;
		expect(textsOf(run)).toHaveLength(100);
		expect(sandbox.counts.reads).toBeLessThanOrEqual(220);
	});
});
