import { runModel, startWorldIn, startWorld, type World } from './world';

/** The most connections that are open at a time, while something runs. */
async function mostConnections({ sandbox }: World, running: Promise<unknown>): Promise<number> {
	let max = 0;
	const look = async () => {
		max = Math.max(max, await sandbox.connections());
	};
	const timer = setInterval(() => void look(), 10);
	await running;
	clearInterval(timer);
	await look();
	return max;
}

/** A connection costs Replicate and n8n memory, and a proxy may allow only so many. */
describe('the connections to one origin', () => {
	let first: World;
	let world: World;
	beforeAll(async () => (first = await startWorld()));
	beforeEach(async () => (world = await startWorldIn(first.engine, { bootMs: 20 })));
	afterEach(async () => await world.stop());
	afterAll(async () => await first.stop());

	it.each([
		{ count: 60, concurrency: 10 },
		{ count: 500, concurrency: 50 },
	])(
		'are no more than two above the concurrency: $count predictions at $concurrency',
		async ({ count, concurrency }) => {
			const items = Array.from({ length: count }, (_, n) => ({ json: { prompt: `text ${n}` } }));
			const parameters = runModel('sandbox/tokens', {
				inputJson: '={{ { prompt: $json.prompt } }}',
				options: { concurrency },
			});
			const running = world.run({ parameters }, items);
			const max = await mostConnections(world, running);
			const { items: ended } = await running;
			expect(ended.map(({ json }) => json.text)).toEqual(items.map(({ json }) => json.prompt));
			expect(max).toBeLessThanOrEqual(concurrency + 2);
		},
		60_000,
	);
});
