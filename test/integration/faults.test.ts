import type { INodeExecutionData } from 'n8n-workflow';
import type { Fault } from '../../sandbox/faults';
import { runModel, startWorld, type World } from './world';

const SEED = 20_261_121;
const EXECUTIONS = 10;
const ITEMS = 100;

/** A thousand runs over a bad network: whatever breaks, nothing is paid twice and nothing is lost. */
describe('1,000 runs with faults by chance', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld('filesystem', { longestHoldSeconds: 1 });
	});
	afterAll(async () => await world.stop());

	it('create no prediction twice, and lose no result', async () => {
		const random = randomNumbers(SEED);
		const met: Record<string, number> = {};
		world.sandbox.faults.byChance = (method, path) => {
			const fault = faultFor(random(), random(), method, path);
			if (fault) {
				const kind = fault.kind === 'answer' ? `${fault.status}` : fault.kind;
				const what = `${method === 'POST' ? 'create' : 'read'} ${kind}`;
				met[what] = (met[what] ?? 0) + 1;
			}
			return fault;
		};
		const executions = Array.from({ length: EXECUTIONS }, async (_, execution) => {
			const items = Array.from({ length: ITEMS }, (_one, n) => ({
				json: { label: `${execution}/${n}`, seconds: n % 3 === 0 ? 1.5 : 0.1 },
			}));
			return await world.run(
				{
					parameters: runModel('sandbox/slow', {
						inputJson: '={{ { seconds: $json.seconds, label: $json.label } }}',
						options: { concurrency: 50, timeout: 120 },
					}),
					onError: 'continueRegularOutput',
				},
				items,
			);
		});
		const results = (await Promise.all(executions)).flatMap(({ items, error }) => {
			expect(error).toBeUndefined();
			expect(items).toHaveLength(ITEMS);
			return items;
		});
		world.sandbox.faults.byChance = undefined;

		const created = world.sandbox.predictions.all;
		const labels = created.map(({ input }) => String(input.label));
		expect(labels.filter((label, index) => labels.indexOf(label) !== index)).toEqual([]);

		// A prediction that ended well is in its item, or its item says how to find it.
		const known = new Set(results.flatMap(idsIn));
		const succeeded = results.filter(({ json }) => json.status === 'succeeded');
		const lost = created.filter(({ status, id }) => status === 'succeeded' && !known.has(id));
		expect(lost.map(({ id }) => id)).toEqual([]);
		for (const { json } of succeeded) {
			const prediction = created.find(({ id }) => id === json.id)!;
			expect(json.text).toBe(prediction.output);
		}
		const failures = results.filter(({ json }) => json.error !== undefined);
		expect(succeeded.length + failures.length).toBe(EXECUTIONS * ITEMS);
		for (const { json } of failures) {
			expect(String(json.error)).toMatch(/it is not known whether the prediction was created/);
		}
		const counts = { ...met, succeeded: succeeded.length, 'not known': failures.length };
		process.stdout.write(
			`Seed ${SEED}: ${Object.entries(counts)
				.map(([what, number]) => `${number} ${what}`)
				.join(', ')}\n`,
		);
		expect(succeeded.length).toBeGreaterThan(900);
	}, 240_000);
});

function faultFor(chance: number, which: number, method: string, path: string): Fault | undefined {
	if (!path.startsWith('/v1/') || chance > 0.12) return undefined;
	const html = { kind: 'answer', status: 502, body: '<html>Bad gateway</html>' } as const;
	const throttled: Fault = {
		kind: 'answer',
		status: 429,
		body: JSON.stringify({ detail: 'Request was throttled.', status: 429, retry_after: 1 }),
	};
	if (method === 'POST') {
		if (which < 0.35) return { kind: 'cutAfter' };
		if (which < 0.5) return { kind: 'cutBefore' };
		return which < 0.6 ? html : throttled;
	}
	// A stall takes 30 s to be noticed, so there are few.
	if (which < 0.01) return { kind: 'stall' };
	if (which < 0.35) return { kind: 'cutBefore' };
	if (which < 0.6) return { kind: 'cutAfter' };
	return which < 0.85 ? html : throttled;
}

/** Every id that an item tells: of its prediction, or of those that it may be. */
function idsIn({ json }: INodeExecutionData): string[] {
	return JSON.stringify(json).match(/\b[a-z0-9]{26}\b/g) ?? [];
}

/** Mulberry32: small, and the same numbers for the same seed. */
function randomNumbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
