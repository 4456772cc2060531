import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstalledN8n } from './install';

/** The longest that n8n takes to start, in ms; its first start writes the database's tables. */
const START_MS = 120_000;
/** How long a process may take to end by itself, in ms, before it is ended. */
const STOP_MS = 15_000;

export interface N8nProcessOptions {
	n8n: InstalledN8n;
	/** What the process is: `start` is the main process, with the editor. */
	role: 'start' | 'worker' | 'webhook';
	/** n8n's `N8N_USER_FOLDER`: its settings, database and binary data. */
	userFolder: string;
	/** The port on 127.0.0.1 of the editor, the webhooks, or a worker's health check. */
	port: number;
	/** Further arguments of n8n's command. */
	args?: string[];
	/** Further settings of n8n, by the names in its documentation. */
	env?: NodeJS.ProcessEnv;
}

/** Switches off what would leave this machine, and what asks a new user questions; and on what recipes need. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	// The editor opens on the list of workflows, not on n8n's assistant.
	N8N_DISABLED_MODULES: 'instance-ai',
	N8N_SECURE_COOKIE: 'false',
	// A recipe watches a folder, with a node that n8n leaves out by default.
	NODES_EXCLUDE: '["n8n-nodes-base.executeCommand"]',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
};

/** One process of a complete n8n, on loopback. */
export class N8nProcess {
	readonly url: string;
	private child?: ChildProcess;

	constructor(private readonly options: N8nProcessOptions) {
		this.url = `http://127.0.0.1:${options.port}`;
	}

	/** The process's number, once it was started. */
	get pid(): number | undefined {
		return this.child?.pid;
	}

	/** Where the process writes what it has to say. */
	get logFile(): string {
		const { userFolder, role, port } = this.options;
		return join(userFolder, 'logs', `${role}-${port}.log`);
	}

	/**
	 * Starts the process, and waits until it answers.
	 *
	 * @throws if it ends, or does not answer in time
	 */
	async start(): Promise<this> {
		const { n8n, role, userFolder, port, env, args = [] } = this.options;
		await mkdir(dirname(this.logFile), { recursive: true });
		const log = createWriteStream(this.logFile, { flags: 'a' });
		await once(log, 'open');
		const child = spawn(n8n.node, [n8n.command, role, ...args], {
			// A process group of its own: Ctrl-C comes to us, and we say when n8n ends.
			detached: true,
			stdio: ['ignore', log, log],
			env: {
				...process.env,
				...QUIET,
				// Tests set both for themselves.
				NODE_ENV: 'production',
				NODE_OPTIONS: '',
				PATH: `${dirname(n8n.node)}:${process.env.PATH}`,
				N8N_USER_FOLDER: userFolder,
				N8N_LISTEN_ADDRESS: '127.0.0.1',
				N8N_HOST: '127.0.0.1',
				...(role === 'worker'
					? { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port) }
					: { N8N_PORT: String(port) }),
				N8N_RUNNERS_BROKER_PORT: String(await freePort()),
				...env,
			},
		});
		this.child = child;
		const deadline = Date.now() + START_MS;
		while (!(await this.answers())) {
			if (child.exitCode !== null || child.signalCode !== null)
				throw new Error(`n8n ${role} ended while it started: see ${this.logFile}`);
			if (Date.now() > deadline) {
				await this.kill();
				throw new Error(`n8n ${role} did not start in time: see ${this.logFile}`);
			}
			await sleep(250);
		}
		return this;
	}

	/** Ends the process as its operator would, and waits for it. */
	async stop(): Promise<void> {
		const { child } = this;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const exit = once(child, 'exit');
		child.kill('SIGTERM');
		const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
		await exit;
		clearTimeout(late);
	}

	/** Ends the process at once, as a crash would (kill -9). */
	async kill(): Promise<void> {
		const { child } = this;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const exit = once(child, 'exit');
		child.kill('SIGKILL');
		await exit;
	}

	private async answers(): Promise<boolean> {
		const path = this.options.role === 'worker' ? '/healthz' : '/healthz/readiness';
		return await fetch(this.url + path).then(
			({ ok }) => ok,
			() => false,
		);
	}
}

/**
 * Ports that no system gives to connections by itself. Of what it gives, another process may get a port
 * before the one that it was meant for listens, which takes n8n seconds.
 */
const PORTS = { first: 20_000, count: 12_000 };

/** A port on 127.0.0.1 that nobody listens on now, for what cannot listen on 0: the wished one, if it is free. */
export async function freePort(wished?: number): Promise<number> {
	const port = wished ?? PORTS.first + randomInt(PORTS.count);
	return (await isFree(port)) ? port : await freePort();
}

async function isFree(port: number): Promise<boolean> {
	return await new Promise<boolean>((resolve, reject) => {
		const server = createServer();
		server.once('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'EADDRINUSE') resolve(false);
			else reject(error);
		});
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}
