import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData } from 'n8n-workflow';
import type { Fault } from '../../dev/sandbox/faults';
import { patience } from '../timing';
import { runModel, startWorld, type NodeSettings, type Result, type World } from './world';
import { randomNumbers } from '../randomNumbers';

/** CAMPAIGN_RUNS=500 for the long form; CAMPAIGN_SEED for other orders. */
const ROUNDS = Number(process.env.CAMPAIGN_RUNS ?? 20);
const SEED = Number(process.env.CAMPAIGN_SEED ?? 20_261_125);
/** Rounds at the same time, each with inputs of its own. */
const AT_ONCE = 20;
const FAULTS_IN_100 = 15;

/** How one of the two executions of a round is set up, and how it ended. */
interface Execution {
	isStopped: boolean;
	result: Result;
}

/** Two executions at once with equal inputs, over a bad network, with stops, retries and callbacks. */
describe(`${ROUNDS} rounds of two workflows with equal inputs`, () => {
	let world: World;
	const random = randomNumbers(SEED);

	beforeAll(async () => {
		const noLimit = { perMinute: 1_000_000, burst: 1_000_000 };
		world = await startWorld('filesystem', { longestHoldSeconds: 0.3, createLimit: noLimit });
		world.sandbox.webhooks.options = { retriesMs: [100, 200, 400, 800, 1_600, 3_200, 6_400] };
	});
	afterAll(async () => await world.stop());

	it('have what is theirs, and name what became of it', async () => {
		world.sandbox.faults.byChance = (method, path) => faultFor(method, path);
		let next = 0;
		const worker = async () => {
			for (let round = next++; round < ROUNDS; round = next++) await play(round);
		};
		await Promise.all(Array.from({ length: AT_ONCE }, worker));
	}, 600_000);

	async function play(round: number): Promise<void> {
		const label = `${SEED}/${round}`;
		const both = await Promise.all([execute(label), execute(label)]);
		const created = world.sandbox.predictions.all.filter(({ input }) => input.label === label);
		const isUnknown = both.some(({ result }) =>
			JSON.stringify(result.error ?? {}).includes('unknown'),
		);
		const isStopped = both.some((one) => one.isStopped);
		for (const { id, status } of created) {
			const results = both.filter(({ result }) => result.items.some(({ json }) => json.id === id));
			const errors = both.flatMap(({ result }) =>
				createdIn(result).filter((one) => JSON.stringify(one).includes(id)),
			);
			// Nobody has what another has; n8n keeps nothing that a stopped execution could tell.
			expect(results.length).toBeLessThanOrEqual(1);
			if (results.length === 1) expect(status).toBe('succeeded');
			if (!isStopped && !isUnknown) expect(results.length + errors.length).toBeGreaterThan(0);
			if (status === 'canceled') expect(results).toEqual([]);
			for (const one of errors) {
				if (one.state === 'cancelled') expect(status).toBe('canceled');
				if (one.state === 'succeeded') expect(status).toBe('succeeded');
			}
			if (!isUnknown) expect(['succeeded', 'canceled', 'failed']).toContain(status);
		}
		// One that was not disturbed has all that it paid for.
		for (const { isStopped: wasStopped, result } of both) {
			if (wasStopped || result.error) continue;
			expect(result.items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded']);
		}
	}

	async function execute(label: string): Promise<Execution> {
		const isStopped = random() < 0.25;
		const waitFor = random() < 0.3 ? 'callback' : 'result';
		const settings: NodeSettings = {
			parameters: runModel('sandbox/slow', {
				inputJson: JSON.stringify({ seconds: random() < 0.5 ? 0.2 : 0.6, label }),
				waitFor,
				options: { timeout: 8 },
			}),
			...(random() < 0.5 ? { tries: 3 } : {}),
		};
		const items: INodeExecutionData[] = [{ json: {} }, { json: {} }];
		await sleep(random() * 300);
		const execution = world.start(settings, items);
		if (isStopped) {
			await sleep(random() * 800);
			execution.stop();
			// n8n lets go of it at once; the node ends it for up to the time of a lost create.
			await patience(13_000);
		}
		const run = await execution.finished;
		const ended = run.status === 'waiting' && !isStopped ? await execution.ended : run;
		return { isStopped, result: world.resultOf(ended) };
	}

	function createdIn({ error }: Result): Array<{ state: string }> {
		const context = error?.context as { created?: Array<{ state: string }> } | undefined;
		return context?.created ?? [];
	}

	function faultFor(method: string, path: string): Fault | undefined {
		if (random() * 100 >= FAULTS_IN_100) return undefined;
		const which = random();
		if (method === 'POST' && /\/predictions$/.test(path)) {
			return which < 0.5 ? { kind: 'cutBefore' } : { kind: 'cutAfter' };
		}
		if (/\/cancel$/.test(path)) return { kind: 'answer', status: 503 };
		return which < 0.5 ? { kind: 'answer', status: 502 } : undefined;
	}
});
