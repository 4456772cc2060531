import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData } from 'n8n-workflow';
import pMap from 'p-map';
import sharp from 'sharp';
import { createCredentials } from '../../dev/n8n/examples';
import { startPostgres, startRedis, type Postgres, type Redis } from '../../dev/n8n/databases';
import { freePort, N8nProcess } from '../../dev/n8n/server';
import { Session, type SavedWorkflow } from '../../dev/n8n/session';
import { nodeType } from '../../dev/packageName';
import { called, ended, given, inARow, started as pressed, startSurroundings } from './n8nWorld';

const EXECUTIONS = 200;
/** Jobs that a worker takes at the same time. */
const CONCURRENCY = 5;
/** More than the limit under which a file goes inside the request, so that each is uploaded. */
const FILE_BYTES = 1_100_000;

/**
 * Where n8n keeps files. In all other suites they are on the disk; that queue mode passes them on there,
 * too, is tried before a release.
 */
const BINARY_MODES = process.env.BINARY_MODES?.split(',') ?? ['database'];

describe.each(BINARY_MODES)('queue mode, with binary data in %s mode', (binaryMode) => {
	let around: Awaited<ReturnType<typeof startSurroundings>>;
	let postgres: Postgres;
	let redis: Redis;
	let processes: Record<'main' | 'webhook' | 'worker1' | 'worker2', N8nProcess>;
	let session: Session;
	let credentials: Awaited<ReturnType<typeof createCredentials>>;
	let workflow: SavedWorkflow;
	let quick: SavedWorkflow;
	/** Puts a new worker in the place of one that was killed. */
	let restarted: () => Promise<N8nProcess>;

	beforeAll(async () => {
		[around, postgres, redis] = await Promise.all([
			startSurroundings(),
			startPostgres(),
			startRedis(),
		]);
		const { n8n, userFolder, filesFolder } = around;
		const webhookPort = await freePort();
		const env = {
			EXECUTIONS_MODE: 'queue',
			// As n8n 3 does: what is started in the editor runs on a worker, too.
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			N8N_DEFAULT_BINARY_DATA_MODE: binaryMode,
			N8N_RESTRICT_FILE_ACCESS_TO: filesFolder,
			WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/`,
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'postgres',
			// All callbacks come at once. With n8n's two connections, and 20 s to wait for one, a slow
			// machine fails executions whose turn does not come. So does n8n's check of its database: when it
			// finds no free connection three times, n8n opens new ones, and those who wait for the old ones
			// fail (docs/operating.md).
			DB_POSTGRESDB_POOL_SIZE: '10',
			DB_POSTGRESDB_CONNECTION_TIMEOUT: '120000',
			DB_PING_TIMEOUT_MS: '120000',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			// A worker's death shows sooner than after n8n's half minute.
			QUEUE_WORKER_LOCK_DURATION: '10000',
			QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
			QUEUE_WORKER_STALLED_INTERVAL: '5000',
		};
		const started = async (role: 'start' | 'webhook' | 'worker', port: number) => {
			const args = role === 'worker' ? [`--concurrency=${CONCURRENCY}`] : [];
			return await new N8nProcess({ n8n, role, userFolder, port, env, args }).start();
		};
		restarted = async () => (processes.worker2 = await started('worker', await freePort()));
		// The main process writes the tables, so it is first.
		const main = await started('start', await freePort());
		const [webhook, worker1, worker2] = await Promise.all([
			started('webhook', webhookPort),
			started('worker', await freePort()),
			started('worker', await freePort()),
		]);
		processes = { main, webhook, worker1, worker2 };
		session = await Session.open(main.url);
		credentials = await createCredentials(session, around);
		const webhookNode = (path: string, responseMode: string) => ({
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			webhookId: path,
			parameters: { httpMethod: 'POST', path, responseMode, options: {} },
		});
		workflow = await session.createWorkflow(
			inARow({ credentials }, 'Thumbnails', [
				webhookNode('thumbnail', 'onReceived'),
				{
					name: 'Replicate',
					type: nodeType('replicate'),
					typeVersion: 1,
					parameters: {
						model: { __rl: true, mode: 'name', value: 'sandbox/thumbnail' },
						inputJson: '{ "width": 1, "format": "png" }',
						waitFor: 'callback',
						options: { outputFileName: '={{ $json.body.name }}' },
					},
				},
				{ name: 'After', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} },
			]),
		);
		quick = await session.createWorkflow(
			inARow({ credentials }, 'Quick', [
				webhookNode('quick', 'lastNode'),
				{ name: 'After', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} },
			]),
		);
		await session.activate(workflow);
		await session.activate(quick);
	});

	afterAll(async () => {
		await Promise.all(Object.values(processes).map(async (each) => await each.stop()));
		await Promise.all([around.sandbox.stop(), around.standIns.stop()]);
		await Promise.all([postgres.stop(), redis.stop()]);
		await rm(around.userFolder, { recursive: true, force: true });
	});

	const statuses = async (): Promise<Record<string, number>> => {
		const rows = await postgres.query(
			`SELECT status, count(*) FROM execution_entity WHERE "workflowId" = '${workflow.id}' GROUP BY 1`,
		);
		return Object.fromEntries(rows.map(([status, count]) => [status, Number(count)]));
	};
	/** The errors of failed executions, and how often each came. */
	const errors = async (): Promise<Record<string, number>> => {
		const rows = await postgres.query(
			`SELECT id FROM execution_entity WHERE "workflowId" = '${workflow.id}' AND status NOT IN ('success', 'waiting')`,
		);
		const counts: Record<string, number> = {};
		for (const [id] of rows) {
			const { status, data } = await session.execution(id!);
			const error = data.resultData?.error;
			const text = `${status}: ${error?.message} ${error?.description ?? ''}`;
			counts[text] = (counts[text] ?? 0) + 1;
		}
		return counts;
	};
	const until = async (
		what: string,
		holds: (now: Record<string, number>) => boolean,
		timeoutMs = 240_000,
	) => {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const now = await statuses();
			if (holds(now)) return now;
			if (Date.now() > deadline)
				throw new Error(`${what}: ${JSON.stringify({ now, errors: await errors() })}`);
			await sleep(500);
		}
	};

	/**
	 * Waits until no worker holds a job. An execution is in the database as suspended a moment
	 * before its worker gives the job back.
	 */
	const workersAreFree = async () => {
		const deadline = Date.now() + 10_000;
		for (;;) {
			const held = await redis.ask('llen', 'bull:jobs:active');
			if (held === '0') return;
			if (Date.now() > deadline) throw new Error(`Jobs that workers hold: ${held}`);
			await sleep(100);
		}
	};

	/** Posts photos by their numbers, eight at a time, as that many customers would. */
	const send = async (
		numbers: number[],
		onSent: (count: number) => Promise<void> = async () => {},
	) => {
		let sent = 0;
		await pMap(
			numbers,
			async (number) => {
				const form = new FormData();
				form.append('name', String(number));
				const image = new Blob([await photo(number)], { type: 'image/png' });
				form.append('photo', image, `${number}.png`);
				const answer = await called(`${processes.webhook.url}/webhook/thumbnail`, form);
				expect(answer.status).toBe(200);
				await onSent(++sent);
			},
			{ concurrency: 8 },
		);
	};
	let release = () => {};
	/** Lets no prediction end until `release` is called. */
	const holdPredictions = () => {
		const gate = new Promise<void>((resolve) => (release = resolve));
		around.sandbox.predictions.boot = async () => await gate;
	};
	// A test that fails must not leave its predictions to the next one.
	afterEach(() => release());

	/** The file names and colours of all results, out of the executions' own data. */
	const results = async () => {
		const rows = await postgres.query(
			`SELECT id FROM execution_entity WHERE "workflowId" = '${workflow.id}' AND status = 'success'`,
		);
		return await pMap(
			rows,
			async ([id]) => {
				const { data } = await session.execution(id!);
				const [{ json, binary }] = given(data, 'After') as [INodeExecutionData];
				if (!binary) throw new Error(`Execution ${id} has no file: ${JSON.stringify(json)}`);
				const { fileName, id: binaryId } = binary.data!;
				const { dominant } = await sharp(await session.binary(binaryId!)).stats();
				return { fileName, number: closest(dominant) };
			},
			{ concurrency: 4 },
		);
	};

	it(`runs ${EXECUTIONS} executions; a worker that is killed meanwhile costs none`, async () => {
		const { sandbox } = around;
		const numbers = Array.from({ length: EXECUTIONS }, (_, index) => index);
		holdPredictions();

		await send(numbers.slice(0, EXECUTIONS / 2));
		await until('the first half is suspended', ({ waiting }) => waiting === EXECUTIONS / 2);
		await workersAreFree();
		await processes.worker2.kill();
		await send(numbers.slice(EXECUTIONS / 2));
		await until('all are suspended', ({ waiting }) => waiting === EXECUTIONS);

		expect(sandbox.predictions.all.filter(({ status }) => status === 'starting')).toHaveLength(
			EXECUTIONS,
		);
		await workersAreFree();
		await called(`${processes.webhook.url}/webhook/quick`, {});
		// The one worker that is left is free: it responds while 200 predictions are held.
		expect(sandbox.predictions.all.filter(({ status }) => status === 'starting')).toHaveLength(
			EXECUTIONS,
		);

		release();
		await until('all have succeeded', ({ success }) => success === EXECUTIONS);
		expect(sandbox.predictions.all).toHaveLength(EXECUTIONS);
		const uploads = sandbox.predictions.all.map(({ input }) => String(input.image));
		expect(new Set(uploads).size).toBe(EXECUTIONS);
		expect(uploads.every((url) => url.includes('/v1/files/'))).toBe(true);
		const found = await results();
		expect(found.map(({ fileName }) => fileName).sort()).toEqual(
			numbers.map((number) => `${number}.png`).sort(),
		);
		// Each file is that of its own execution.
		for (const { fileName, number } of found) expect(`${number}.png`).toBe(fileName);
	});

	// Where n8n keeps files changes nothing in the rest, which takes a minute and a half.
	if (binaryMode !== 'database') return;

	it('runs on a worker what is started in the editor, through its suspension', async () => {
		const manual = await session.createWorkflow(
			inARow({ credentials }, 'Manual', [
				{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
				{
					name: 'Replicate',
					type: nodeType('replicate'),
					typeVersion: 1,
					parameters: {
						model: { __rl: true, mode: 'name', value: 'sandbox/slow' },
						inputJson: '{ "seconds": 1 }',
						waitFor: 'callback',
					},
				},
			]),
		);
		const id = await pressed(session, manual, 'Start');
		const { data } = await ended(session, id);
		expect(given(data, 'Replicate')[0]!.json.text).toBe('done after 1 s');
		const log = await readFile(processes.worker1.logFile, 'utf8');
		expect(log).toContain(`Worker started execution ${id} `);
	});

	it('repeats nothing when a worker is killed at work, and n8n names what it stopped', async () => {
		const { sandbox } = around;
		const before = sandbox.predictions.all.length;
		const { success: successBefore = 0, ...others } = await statuses();
		const stoppedBefore = sum(others);
		const count = 60;
		holdPredictions();
		const worker = await restarted();
		await send(
			Array.from({ length: count }, (_, index) => EXECUTIONS + index),
			async (sent) => {
				if (sent === count / 2) await worker.kill();
			},
		);
		await until('none is at work', ({ new: fresh = 0, running = 0 }) => fresh + running === 0);
		release();
		const now = await until(
			'none is under way',
			({ waiting = 0, running = 0 }) => waiting + running === 0,
		);
		const { success = 0, ...stopped } = now;
		const failed = count - (success - successBefore);
		// n8n marks those that the worker held as failed, and does not run them again by itself.
		expect(failed).toBeLessThanOrEqual(CONCURRENCY);
		expect(sum(stopped) - stoppedBefore).toBe(failed);
		const created = sandbox.predictions.all.slice(before);
		expect(created.length).toBeLessThanOrEqual(count);
		expect(created.length).toBeGreaterThanOrEqual(count - failed);
		expect(new Set(created.map(({ input }) => input.image)).size).toBe(created.length);
	});
});

function sum(counts: Record<string, number>): number {
	return Object.values(counts).reduce((total, each) => total + each, 0);
}

/** A PNG of one colour that tells its number, with bytes behind it that make it large. */
async function photo(number: number): Promise<Buffer> {
	const background = colour(number);
	const image = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
		.png()
		.toBuffer();
	return Buffer.concat([image, randomBytes(FILE_BYTES)]);
}

interface Colour {
	r: number;
	g: number;
	b: number;
}

/** A colour for each number, far enough from the next that it can be told in the result. */
function colour(number: number): Colour {
	return {
		r: (number % 8) * 32 + 8,
		g: (Math.floor(number / 8) % 8) * 32 + 8,
		b: Math.floor(number / 64) * 32 + 8,
	};
}

/** The number whose colour this is: `dominant` of sharp gives the middle of a range of 16. */
function closest({ r, g, b }: Colour): number {
	return Math.floor(r / 32) + Math.floor(g / 32) * 8 + Math.floor(b / 32) * 64;
}
