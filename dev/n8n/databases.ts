import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './server';
import { isRoot, startDaemon } from './servers/daemon';

const run = promisify(execFile);

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
	const user = isRoot ? { uid: id('-u'), gid: id('-g') } : {};
	if (user.uid !== undefined) await chown(folder, user.uid, user.gid!);
	const data = join(folder, 'data');
	const options = { ...user, cwd: folder };
	await run(
		join(bin, 'initdb'),
		['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
		options,
	);
	const port = await freePort();
	const server = await startDaemon({
		name: 'PostgreSQL',
		debianPackage: 'postgresql',
		command: join(bin, 'postgres'),
		args: ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-F'],
		options,
		ask: async () => await run(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]),
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
			await server.stop('SIGINT');
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
	const ask = async (...command: string[]) =>
		(await run('redis-cli', ['-p', String(port), ...command])).stdout.trim();
	const server = await startDaemon({
		name: 'Redis',
		debianPackage: 'redis-server',
		command: 'redis-server',
		args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
		ask: async () => await ask('ping'),
	});
	return {
		port,
		ask,
		async stop() {
			await server.stop();
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
