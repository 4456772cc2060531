import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './server';

const run = promisify(execFile);
/** The longest that a database takes to answer, in ms. */
const START_MS = 30_000;

/** A database server on loopback, with its data in a folder of its own. */
export interface Database {
	port: number;
	stop(): Promise<void>;
}

/** PostgreSQL, in which n8n's processes share workflows and executions. */
export interface Postgres extends Database {
	/** Sends a statement, and gives the rows as fields of text. */
	query(statement: string): Promise<string[][]>;
}

/** Redis, with which n8n's processes share their queue. */
export interface Redis extends Database {
	/** Sends a command, and gives the answer as text. */
	ask(...command: string[]): Promise<string>;
}

/**
 * Starts Debian's PostgreSQL with an empty database `postgres` of the user `postgres`.
 *
 * @throws if it is not installed
 */
export async function startPostgres(): Promise<Postgres> {
	const bin = postgresBin();
	const folder = await mkdtemp(join(tmpdir(), 'n8n-postgres-'));
	// The server refuses to run as root, so the user of Debian's package runs it.
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres']).toString());
	const user = process.getuid?.() === 0 ? { uid: id('-u'), gid: id('-g') } : {};
	if (user.uid !== undefined) await chown(folder, user.uid, user.gid!);
	const data = join(folder, 'data');
	const options = { ...user, cwd: folder };
	await run(
		join(bin, 'initdb'),
		['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
		options,
	);
	const port = await freePort();
	const server = spawn(
		join(bin, 'postgres'),
		['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-F'],
		{ ...options, stdio: 'ignore' },
	);
	await answering('PostgreSQL', server, async () => {
		await run(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]);
	});
	const psql = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-AtF', '\t', '-c'];
	return {
		port,
		async query(statement) {
			const { stdout } = await run(join(bin, 'psql'), [...psql, statement]);
			return stdout
				.split('\n')
				.filter(Boolean)
				.map((line) => line.split('\t'));
		},
		async stop() {
			// SIGINT: at once, without waiting for clients.
			await ended(server, 'SIGINT');
			await rm(folder, { recursive: true, force: true });
		},
	};
}

/**
 * Starts Debian's Redis, with nothing in it.
 *
 * @throws if it is not installed
 */
export async function startRedis(): Promise<Redis> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-redis-'));
	const port = await freePort();
	const server = spawn(
		'redis-server',
		['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
		{ stdio: 'ignore' },
	);
	server.once('error', () => {});
	const ask = async (...command: string[]) =>
		(await run('redis-cli', ['-p', String(port), ...command])).stdout.trim();
	await answering(
		'Redis (Debian package redis-server)',
		server,
		async () => void (await ask('ping')),
	);
	return {
		port,
		ask,
		async stop() {
			await ended(server, 'SIGTERM');
			await rm(folder, { recursive: true, force: true });
		},
	};
}

/** Debian keeps each version's programs in a folder of its own. */
function postgresBin(): string {
	const versions = '/usr/lib/postgresql';
	const newest = existsSync(versions) ? readdirSync(versions).sort().at(-1) : undefined;
	if (!newest) throw new Error('PostgreSQL is missing: apt-get install postgresql');
	return join(versions, newest, 'bin');
}

async function answering(
	name: string,
	server: ChildProcess,
	ask: () => Promise<void>,
): Promise<void> {
	const deadline = Date.now() + START_MS;
	for (;;) {
		const answers = await ask().then(
			() => true,
			() => false,
		);
		if (answers) return;
		if (server.exitCode !== null || server.pid === undefined || Date.now() > deadline)
			throw new Error(`${name} does not start`);
		await sleep(100);
	}
}

async function ended(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	if (server.exitCode !== null || server.signalCode !== null) return;
	const exit = once(server, 'exit');
	server.kill(signal);
	await exit;
}
