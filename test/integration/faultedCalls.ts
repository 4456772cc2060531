import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import { itemsOf, type Engine } from '../../dev/engine/engine';
import type { Fault } from '../../dev/sandbox/faults';
import type { DeliveryFault } from '../../dev/sandbox/webhooks';
import { endsBefore, patience, until } from '../timing';
import { fileInput, NODE, runModel, startWorldIn, type World } from './world';

const HTML = '<html><title>Cloudflare</title><body>Something went wrong</body></html>';
const answer = (status: number, body = HTML, headers = {}): Fault => ({
	kind: 'answer',
	status,
	headers,
	body,
});
const throttled = (more: object = {}, headers = {}) =>
	answer(429, JSON.stringify({ detail: 'Request was throttled.', status: 429, ...more }), headers);
const inWords = { detail: 'Request was throttled. Your rate limit resets in ~1s.' };
const inTwoSeconds = () => new Date(Date.now() + 2_000).toUTCString();

/** A fault on the way, or another address in Replicate's place, where nobody can be spoken to. */
export const FAULTS: Record<string, (() => Fault) | 'nobody' | 'impostor'> = {
	'refused for 2 s': () => ({ kind: 'refuseNext', ms: 2_000 }),
	'refused for good': 'nobody',
	'reset before it is sent': () => ({ kind: 'cutBefore' }),
	'reset after it was sent': () => ({ kind: 'cutAfter' }),
	stall: () => ({ kind: 'stall' }),
	'slow drip': () => ({ kind: 'drip', pieces: 20, ms: 50 }),
	'drip without end': () => ({ kind: 'drip', pieces: 1_000, ms: 500, endless: true }),
	'429 retry_after': () => throttled({ retry_after: 1 }),
	'429 Retry-After': () => throttled({}, { 'retry-after': '1' }),
	'429 Retry-After, a date': () => throttled({}, { 'retry-after': inTwoSeconds() }),
	'429 ratelimit-reset': () => throttled({}, { 'ratelimit-reset': '1' }),
	'429 in words': () => throttled(inWords),
	'429 without a hint': () => answer(429, ''),
	'429 for an hour': () => throttled({ retry_after: 3_600 }),
	'500 JSON': () => answer(500, '{"detail":"Internal server error"}'),
	'502 HTML': () => answer(502),
	'503 HTML': () => answer(503),
	'403 HTML': () => answer(403),
	'413 HTML': () => answer(413),
	'200 HTML': () => answer(200),
	'200 other JSON': () => answer(200, '{"status":"ok"}'),
	'truncated JSON': () => ({ kind: 'half' }),
	'truncated body': () => ({ kind: 'truncate' }),
	'longer than announced': () => ({ kind: 'wrongLength', by: -10 }),
	'shorter than announced': () => ({ kind: 'wrongLength', by: 10 }),
	'TLS error': 'impostor',
};

/** The same faults where Replicate calls n8n. */
const DELIVERY_FAULTS: Record<string, DeliveryFault> = {
	'refused for 2 s': 'refused',
	'reset before it is sent': 'cut',
	'reset after it was sent': 'answerLost',
	'slow drip': 'drip',
	'truncated JSON': 'half',
	'truncated body': 'cut',
};

/** A call to Replicate, in a run that comes to make it. */
interface Call {
	method: string;
	path: RegExp;
	/** The request before it, after whose answer a port can be closed. */
	before?: [method: string, path: RegExp];
	/** The longest that the run may take, in s, whatever goes wrong: its time limit and a margin. */
	within: number;
	/** How many predictions there are after an error. */
	createdOnError: number;
	/** Whether it happens while the run is suspended. */
	isCallback?: boolean;
	parameters(world: World): Promise<INodeParameters> | INodeParameters;
	/** An operation that begins with this call, where the one above does not. */
	alone?(world: World): Promise<INodeParameters> | INodeParameters;
	/** A run that makes this call to another origin than the API's. */
	at?(origin: string): INodeParameters;
	isRight(json: Json, world: World, bytes?: Buffer): boolean;
}
type Json = Record<string, unknown>;

const FILE = Buffer.alloc(9_000, 'a file of the workflow ');
const MODEL_READ: Call['before'] = ['GET', /\/v1\/models\//];
let labels = 0;
/** With a label of its own: equal creates of other runs could be taken for each other. */
const slow = (seconds: number, more: INodeParameters) =>
	runModel('sandbox/slow', {
		inputJson: JSON.stringify({ seconds, label: `x${labels++}` }),
		...more,
	});
const anEarlier = async (world: World, seconds: number) => {
	const { items } = await world.run({ parameters: slow(seconds, { waitFor: 'nothing' }) });
	return String(items[0]!.json.id);
};
const upload = (model: string) =>
	runModel(model, {
		inputJson: '{}',
		...fileInput('file'),
		options: { fileRouting: 'upload', timeout: 20 },
	});
const download = (origin: string) =>
	runModel('sandbox/says', {
		inputJson: JSON.stringify({ output: JSON.stringify(origin) }),
		options: { timeout: 10 },
	});

export const CALLS: Record<string, Call> = {
	upload: {
		method: 'POST',
		path: /\/files$/,
		before: MODEL_READ,
		within: 40,
		createdOnError: 0,
		parameters: () => upload('sandbox/checksum'),
		// A bare version ID is not looked up, so the upload is the first call.
		alone: () => upload('c'.repeat(64)),
		isRight: ({ output }) =>
			(output as Json[])[0]!.sha256 === createHash('sha256').update(FILE).digest('hex'),
	},
	create: {
		method: 'POST',
		path: /\/predictions$/,
		before: MODEL_READ,
		within: 50,
		createdOnError: 0,
		parameters: () => slow(0.1, { options: { timeout: 12 } }),
		alone: () => runModel('c'.repeat(64), { options: { timeout: 12 } }),
		isRight: ({ text }) => /^done after 0.1 s x\d+$/.test(String(text)),
	},
	poll: {
		method: 'GET',
		path: /\/predictions\/\w+$/,
		before: ['POST', /\/predictions$/],
		within: 30,
		createdOnError: 1,
		parameters: () => slow(0.5, { options: { timeout: 8 } }),
		alone: async (world) => ({ operation: 'get', predictionId: await anEarlier(world, 0.1) }),
		isRight: ({ text }) => /^done after 0.5 s x\d+$/.test(String(text)),
	},
	cancel: {
		method: 'POST',
		path: /\/cancel$/,
		before: ['GET', /\/predictions\/\w+$/],
		within: 30,
		createdOnError: 1,
		// Long enough for the model to be read and the prediction to be created.
		parameters: () => slow(60, { options: { timeout: 4 } }),
		alone: async (world) => ({ operation: 'cancel', predictionId: await anEarlier(world, 60) }),
		isRight: (_json, { sandbox }) => sandbox.predictions.all[0]!.status === 'canceled',
	},
	download: {
		method: 'GET',
		path: /\/hosted\//,
		within: 40,
		createdOnError: 1,
		parameters: async ({ sandbox }) => download(await sandbox.delivery.host('result.bin', FILE)),
		at: (origin) => download(`${origin}/hosted/result.bin`),
		isRight: (_json, _world, bytes) => bytes?.equals(FILE) === true,
	},
	search: {
		method: 'GET',
		path: /\/search\?/,
		within: 60,
		createdOnError: 0,
		parameters: () => ({ resource: 'model', operation: 'search', query: 'sandbox/slow' }),
		isRight: ({ model }) => model === 'sandbox/slow',
	},
	callback: {
		isCallback: true,
		method: 'GET',
		path: /\/predictions\/\w+$/,
		before: ['GET', /\/webhooks\/default\/secret$/],
		within: 60,
		createdOnError: 1,
		parameters: () => slow(0.1, { waitFor: 'callback' }),
		isRight: ({ text }) => /^done after 0.1 s x\d+$/.test(String(text)),
	},
};
CALLS.delivery = { ...CALLS.callback!, within: 40 };

/** What a run with a fault came to. */
export interface Played {
	/** Whether its result is the right one. */
	isRight: boolean;
	error?: { message: string; description?: string | null };
	/** Everything that n8n keeps of it. */
	runData: string;
	/** What n8n answered to Replicate's calls; `undefined` where no answer came. */
	callbacks: Array<number | undefined>;
	/** Predictions, as Replicate has them. */
	created: number;
	/** Whether it ended within the time that it may take. */
	isInTime: boolean;
	seconds: number;
}

/** A server in Replicate's place, whose certificate nobody vouches for. */
export interface Impostor {
	origin: string;
	/** How many requests it could read. */
	requests: number;
	stop(): Promise<void>;
}

/** Nothing listens here. */
const NOBODY = 'http://127.0.0.1:9';

/**
 * Runs one call with one fault.
 *
 * @param engine    runs many of them at the same time
 * @param isForGood whether the fault strikes each time; a suspended run is then ended by n8n's timer
 * @param within    how long it may take, in s
 */
export async function play(
	engine: Engine,
	impostor: Impostor,
	faultName: string,
	callName: string,
	isForGood: boolean,
	within: number,
): Promise<Played> {
	const call = CALLS[callName]!;
	const world = await startWorldIn(engine, { longestHoldSeconds: 0.1, bootMs: 1 });
	const { sandbox } = world;
	const fault = FAULTS[faultName] ?? FAULTS[faultName.replace(' for good', '')]!;
	const elsewhere = { nobody: NOBODY, impostor: impostor.origin }[fault as 'nobody'];
	const isDelivery = callName === 'delivery';
	sandbox.webhooks.options = {
		delayMs: () => 300,
		retriesMs: [300, 600, 1_200, 2_400, 5_000, 10_000, 10_000, 10_000],
		fault: (attempt) => (isDelivery && attempt === 0 ? DELIVERY_FAULTS[faultName] : undefined),
	};
	const item =
		callName === 'upload' ? await world.fileItem(FILE, 'a.bin', 'image/png') : { json: {} };
	const parameters = await parametersOf(call, world, elsewhere);
	if (typeof fault === 'function' && !isDelivery) strike(world, call, fault(), isForGood);
	const goTo = (baseUrl: string) =>
		engine.setCredential({ apiToken: sandbox.token, baseUrl }, sandbox.baseUrl);
	const goElsewhere = () => {
		if (elsewhere !== undefined && !call.at) goTo(`${elsewhere}/v1`);
	};
	const needsTimer = call.isCallback && isForGood;

	const beganAt = Date.now();
	if (!call.isCallback) goElsewhere();
	const execution = world.start({ parameters }, [item]);
	const isInTime = endsBefore(within * 1_000, execution.ended);
	await execution.finished;
	if (call.isCallback) goElsewhere();
	if (needsTimer) {
		await until(() => sandbox.webhooks.deliveries.some(({ status }) => status === 503));
		execution.timeUp();
	}
	const run = await execution.ended;
	const seconds = (Date.now() - beganAt) / 1_000;
	// The run goes on before its callback is answered.
	const isAnswered = () =>
		sandbox.webhooks.deliveries.some(({ status }) => status === 200) || needsTimer;
	for (let looks = 0; call.isCallback && looks < 40 && !isAnswered(); looks++) await patience(50);

	let [got] = itemsOf(run, NODE);
	if (needsTimer) {
		sandbox.faults.forget();
		goTo(sandbox.baseUrl);
		const predictionId = String(got!.json.predictionId);
		[got] = (await world.run({ parameters: { operation: 'get', predictionId } })).items;
	}
	const bytes = got?.binary?.data ? await engine.read(got.binary.data) : undefined;
	const played = {
		isRight:
			(got !== undefined || callName === 'cancel') && call.isRight(got?.json ?? {}, world, bytes),
		error: run.data.resultData.error as Played['error'],
		runData: JSON.stringify(run),
		callbacks: sandbox.webhooks.deliveries.map(({ status }) => status),
		created: sandbox.predictions.all.length,
		isInTime: await isInTime,
		seconds,
	};
	await world.stop();
	return played;
}

async function parametersOf(
	call: Call,
	world: World,
	elsewhere?: string,
): Promise<INodeParameters> {
	if (elsewhere === undefined || call.isCallback) return await call.parameters(world);
	return call.at?.(elsewhere) ?? (await (call.alone ?? call.parameters)(world));
}

function strike({ sandbox }: World, call: Call, fault: Fault, isForGood: boolean): void {
	const times = isForGood ? Infinity : 1;
	if (fault.kind !== 'refuseNext') sandbox.faults.plan(call.method, call.path, fault, times);
	else if (call.before) sandbox.faults.plan(...call.before, fault, Infinity);
	else if (call.at) sandbox.delivery.refuseFor(fault.ms);
	else sandbox.refuseFor(fault.ms);
}

/** Starts the impostor on loopback, with a certificate that is made for it and signed by itself. */
export async function startImpostor(): Promise<Impostor> {
	const folder = mkdtempSync(join(tmpdir(), 'impostor-'));
	const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
	execFileSync(
		'openssl',
		[
			'req',
			'-x509',
			'-newkey',
			'rsa:2048',
			'-nodes',
			'-days',
			'1',
			'-subj',
			'/CN=127.0.0.1',
		].concat(['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert]),
		{ stdio: 'ignore' },
	);
	const impostor = { origin: '', requests: 0, stop: async () => {} };
	const server = createServer(
		{ key: readFileSync(key), cert: readFileSync(cert) },
		(_request, response) => {
			impostor.requests += 1;
			response.end('{}');
		},
	);
	rmSync(folder, { recursive: true });
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	impostor.origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
	impostor.stop = async () => {
		server.closeAllConnections();
		await new Promise<void>((resolve) => server.close(() => resolve()));
	};
	return impostor;
}
