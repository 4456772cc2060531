/** @jest-environment ./test/integration/realProcess.ts */
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { itemsOf, type Execution } from '../../dev/engine/engine';
import type { Fault } from '../../dev/sandbox/faults';
import type { DeliveryFault } from '../../dev/sandbox/webhooks';
import { patience } from '../timing';
import { fileInput, NODE, runModel, startWorld, type World } from './world';
import { randomNumbers } from '../randomNumbers';

declare const realProcess: NodeJS.Process;

/** CAMPAIGN_RUNS=2000 for the long form; CAMPAIGN_SEED for other faults. */
const RUNS = Number(process.env.CAMPAIGN_RUNS ?? 300);
const SEED = Number(process.env.CAMPAIGN_SEED ?? 20_261_121);
const WARM_UP = 60;
/** Executions in work at the same time. */
const AT_ONCE = 60;
/** How many requests, in 100, meet a fault. */
const FAULTS_IN_100 = 12;
/** What the heap may grow by, in bytes: the JIT and Node's own caches are never quite at rest. */
const HEAP_SLACK = 20_000_000;
/** Timers of Node, undici and Jest come and go. A leak would be one for each run. */
const TIMER_SLACK = 10;

/** After this time, in ms, Replicate has given up a callback; see `retriesMs`. */
const UNDELIVERED_MS = 35_000;

const { addEventListener: listening } = EventTarget.prototype;

/** What Node says that is nobody's intention. */
const complaints: string[] = [];
const onComplaint = (complaint: unknown) => {
	// Jest itself runs on an experimental part of Node.
	if ((complaint as Error).name !== 'ExperimentalWarning') complaints.push(String(complaint));
};

/** Many runs over a bad network: whatever breaks, nothing is billed twice, lost or left open. */
describe(`${RUNS} runs with faults by chance`, () => {
	let world: World;
	let file: INodeExecutionData;
	let hosted: string;
	const random = randomNumbers(SEED);
	const met: Record<string, number> = {};
	/** Suspended executions that n8n's timer ended. */
	let timers = 0;

	beforeAll(async () => {
		realProcess.on('warning', onComplaint).on('unhandledRejection', onComplaint);
		const noLimit = { perMinute: 1_000_000, burst: 1_000_000 };
		world = await startWorld('filesystem', {
			longestHoldSeconds: 0.3,
			keepAliveMs: 2_000,
			createLimit: noLimit,
		});
		hosted = await world.sandbox.delivery.host('result.bin', Buffer.alloc(20_000, 'a result '));
		file = await world.fileItem(Buffer.alloc(20_000, 'a file '), 'a.bin', 'image/png');
	});
	afterAll(async () => {
		realProcess.off('warning', onComplaint).off('unhandledRejection', onComplaint);
		await world.stop();
	});

	it('create nothing twice, lose no result, and leave nothing open', async () => {
		await campaign(WARM_UP);
		const before = await atRest();
		const counts = await campaign(RUNS);
		const after = await atRest();
		say(`Seed ${SEED}: ${listed(counts)}; ${listed(met)}`);
		say(`before: ${listed(before)}; after: ${listed(after)}`);
		expect(after.connections).toBe(0);
		expect(after.sockets).toBeLessThanOrEqual(before.sockets);
		expect(after.timers).toBeLessThanOrEqual(before.timers + TIMER_SLACK);
		expect(after.heap - before.heap).toBeLessThan(HEAP_SLACK);
		expect(complaints).toEqual([]);
		// How many outlast their faults depends on the machine's speed; without retries it would be few.
		expect(counts.right! / (counts.right! + counts.failed!)).toBeGreaterThan(0.5);
	}, 1_200_000);

	it('leave no listener on an execution that runs the node many times', async () => {
		const signals = new Set<AbortSignal>();
		const listen = jest
			.spyOn(EventTarget.prototype, 'addEventListener')
			.mockImplementation(function (this: EventTarget, ...given) {
				if (this instanceof AbortSignal) signals.add(this);
				listening.call(this, ...given);
			});
		const loop = Array.from({ length: 15 }, () => ({ resource: 'account', operation: 'get' }));
		const run = await world.startChain(loop as INodeParameters[]).ended;
		listen.mockRestore();
		expect(run.status).toBe('success');
		// That of the execution, and those of each request.
		expect(signals.size).toBeGreaterThan(15);
		const left = [...signals].map((signal) => getEventListeners(signal, 'abort').length);
		expect(Math.max(...left)).toBeLessThan(5);
	});

	/** Runs so many executions, and looks at what they and the sandbox have in the end. */
	async function campaign(runs: number): Promise<Record<string, number>> {
		const { faults, webhooks, predictions } = world.sandbox;
		faults.byChance = (method, path) => {
			const fault = random() * 100 < FAULTS_IN_100 ? faultFor(random(), path) : undefined;
			if (fault) count(`${method} ${fault.kind === 'answer' ? fault.status : fault.kind}`);
			return fault;
		};
		webhooks.options = {
			retriesMs: [200, 400, 800, 1_600, 3_200, 6_400, 12_800],
			fault: () => (random() * 100 < FAULTS_IN_100 ? deliveryFault(random()) : undefined),
		};
		const given: INodeExecutionData[] = [];
		let next = 0;
		const worker = async () => {
			for (let run = next++; run < runs; run = next++) {
				const { parameters, items } = await runOf(run);
				const execution = world.start({ parameters, onError: 'continueRegularOutput' }, items);
				const ended = await endOf(execution);
				expect(ended.data.resultData.error).toBeUndefined();
				const got = itemsOf(ended, NODE);
				expect(got).toHaveLength(items.length);
				for (const [index, { json }] of got.entries()) {
					if (json.status !== 'succeeded') continue;
					const prediction = predictions.all.find(({ id }) => id === json.id)!;
					expect(markOf(prediction.input)).toBe(items[index]!.json.label);
				}
				given.push(...got);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, worker));
		faults.byChance = undefined;
		webhooks.options = {};

		const created = predictions.all;
		const labels = created.map(({ input }) => markOf(input));
		expect(labels.filter((label, index) => labels.indexOf(label) !== index)).toEqual([]);
		// A prediction that ended well is in its item, or its item says how to find it.
		const known = new Set(given.flatMap(idsIn));
		const lost = created.filter(({ status, id }) => status === 'succeeded' && !known.has(id));
		expect(lost.map(({ id }) => id)).toEqual([]);
		const failed = given.filter(({ json }) => json.error !== undefined);
		for (const { json } of failed) expect(String(json.error)).toMatch(EXPECTED_ERRORS);
		for (const { json } of given.filter(({ json }) => json.status === 'succeeded')) {
			const prediction = created.find(({ id }) => id === json.id)!;
			expect(prediction.status).toBe('succeeded');
			if (prediction.model.name === 'slow') expect(json.text).toBe(prediction.output);
		}
		return {
			runs,
			created: created.length,
			right: given.length - failed.length,
			failed: failed.length,
			'ended by the timer': timers,
		};
	}

	/** Its end; by n8n's timer, where Replicate could not deliver its last callback in a minute. */
	async function endOf(execution: Execution) {
		const { executionId, finished, ended, timeUp } = execution;
		const suspended = await finished;
		if (suspended.status !== 'waiting') return suspended;
		const stop = new AbortController();
		const isLate = patience(UNDELIVERED_MS, stop.signal).then(
			() => true,
			() => false,
		);
		if (await Promise.race([ended.then(() => false), isLate])) {
			const own = world.sandbox.webhooks.deliveries.filter(({ url }) => url.includes(executionId));
			const taken = new Set(own.flatMap((one) => (one.status === 200 ? one.predictionId : [])));
			const all = new Set(own.map(({ predictionId }) => predictionId));
			// Had n8n taken them all, it would have to go on.
			expect(taken.size).toBeLessThan(all.size);
			timers += 1;
			timeUp();
		}
		stop.abort();
		return await ended;
	}

	/** One execution: several predictions, files up, files down, or suspended. */
	async function runOf(
		run: number,
	): Promise<{ parameters: INodeParameters; items: INodeExecutionData[] }> {
		const label = `${run}/${random()}/`;
		const options = { concurrency: 30, timeout: 8 };
		const numbered = (length: number): INodeExecutionData[] =>
			Array.from({ length }, (_one, n) => ({ ...file, json: { label: label + n, n } }));
		const slow = runModel('sandbox/slow', {
			inputJson: '={{ { seconds: $json.n % 3 === 0 ? 0.5 : 0.1, label: $json.label } }}',
			options,
		});
		switch (run % 5) {
			case 0:
				return { parameters: slow, items: numbered(run % 40 === 0 ? 8 : 3) };
			case 1:
				return { parameters: { ...slow, waitFor: 'callback' }, items: numbered(2) };
			case 2: {
				const inputJson = '={{ { note: $json.label } }}';
				const more = {
					inputJson,
					...fileInput('file'),
					options: { ...options, fileRouting: 'upload' },
				};
				return { parameters: runModel('sandbox/checksum', more), items: numbered(2) };
			}
			case 3: {
				// Files inside requests, which Replicate's list does not show.
				const parameters = runModel('sandbox/checksum', { ...fileInput('file'), options });
				const items = numbered(2).map(async (item) => ({
					...(await world.fileItem(Buffer.from(String(item.json.label)), 'a.txt', 'text/plain')),
					json: item.json,
				}));
				return { parameters, items: await Promise.all(items) };
			}
			default: {
				const inputJson = `={{ { output: JSON.stringify(["${hosted}", $json.label]) } }}`;
				return { parameters: runModel('sandbox/says', { inputJson, options }), items: numbered(2) };
			}
		}
	}

	/** What is open and held when nothing is under way, and nothing is kept on purpose. */
	async function atRest() {
		world.sandbox.forget();
		world.engine.forgetEnded();
		for (let tries = 0; tries < 60 && (await open()).sockets > 0; tries++) await sleep(250);
		setFlagsFromString('--expose-gc');
		const collectGarbage = runInNewContext('gc') as () => void;
		for (let times = 0; times < 3; times++) {
			collectGarbage();
			await sleep(50);
		}
		return { ...(await open()), heap: realProcess.memoryUsage().heapUsed };
	}

	async function open() {
		const active = realProcess.getActiveResourcesInfo();
		return {
			connections: await world.sandbox.connections(),
			sockets: active.filter((resource) => resource === 'TCPSocketWrap').length,
			timers: active.filter((resource) => resource === 'Timeout').length,
		};
	}

	function count(what: string): void {
		met[what] = (met[what] ?? 0) + 1;
	}
});

/**
 * Every way in which an item may fail here; all of them say what to do. A read can break in each of
 * its tries, once in some thousand runs; what was created must be known all the same.
 */
const EXPECTED_ERRORS =
	/^Could not get a response from|it is not known whether the prediction was created|its output file could not be fetched|not finished within the time limit|cancelled before it had a result|could not be uploaded within the time limit|could not be created within the time limit|Replicate is limiting how fast|Replicate is not available right now/;

function faultFor(which: number, path: string): Fault | undefined {
	const pick = (...faults: Fault[]) => faults[Math.floor(which * faults.length)];
	const html = { kind: 'answer', status: 502, body: '<html>Bad gateway</html>' } as const;
	const other = { kind: 'answer', status: 200, body: '{"status":"ok"}' } as const;
	const throttled: Fault = {
		kind: 'answer',
		status: 429,
		body: JSON.stringify({ detail: 'Request was throttled.', status: 429, retry_after: 1 }),
	};
	const cuts: Fault[] = [{ kind: 'cutBefore' }, { kind: 'cutAfter' }, { kind: 'truncate' }];
	const drip: Fault = { kind: 'drip', pieces: 10, ms: 20 };
	if (!path.startsWith('/v1/')) return pick(...cuts, html, throttled, drip);
	const spoilt: Fault[] = [{ kind: 'half' }, { kind: 'wrongLength', by: -5 }, drip];
	// A stall lasts until the item's time limit, so there are few, and only where there is one.
	if (/\/predictions\/\w+$/.test(path) && which < 0.02) return { kind: 'stall' };
	return pick(...cuts, ...spoilt, html, other, throttled);
}

function deliveryFault(which: number): DeliveryFault {
	const faults = ['refused', 'cut', 'answerLost', 'half', 'drip'] as const;
	return faults[Math.floor(which * faults.length)]!;
}

/** What tells whose item a prediction is: its text, or that of its file. */
function markOf({ label, note, output, file }: Record<string, unknown>): string {
	if (label ?? note) return String(label ?? note);
	if (output) return (JSON.parse(String(output)) as string[])[1]!;
	return Buffer.from(String(file).split(',')[1]!, 'base64').toString();
}

/** Every id that an item tells: of its prediction, or of those that it may be. */
function idsIn({ json }: INodeExecutionData): string[] {
	return JSON.stringify(json).match(/\b[a-z0-9]{26}\b/g) ?? [];
}

function listed(counts: Record<string, number>): string {
	return Object.entries(counts)
		.map(([what, number]) => `${number} ${what}`)
		.join(', ');
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}
