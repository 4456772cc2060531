import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The longest that a daemon takes to answer, in ms. */
const START_MS = 30_000;

/** A program of Debian that serves on loopback. */
export interface Daemon {
	/** What it is called in an error. */
	name: string;
	/** Debian's package, for who does not have it. */
	debianPackage: string;
	command: string;
	args: string[];
	options?: SpawnOptions;
	/** Asks it; rejects while it does not answer. */
	ask(): Promise<unknown>;
}

/** A daemon that answers. */
export interface RunningDaemon {
	stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Whether this process may change users, as daemons of Debian expect. */
export const isRoot = process.getuid?.() === 0;

/**
 * Starts a daemon in the foreground, and waits until it answers.
 *
 * @throws if it is not installed, ends, or does not answer in time
 */
export async function startDaemon({
	name,
	debianPackage,
	command,
	args,
	options,
	ask,
}: Daemon): Promise<RunningDaemon> {
	const missing = `${name} is missing: apt-get install ${debianPackage}`;
	if (command.startsWith('/') && !existsSync(command)) throw new Error(missing);
	let said = '';
	const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
	for (const output of [child.stdout, child.stderr])
		output?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
	child.once('error', () => (said = missing));
	const deadline = Date.now() + START_MS;
	for (;;) {
		const answers = await ask().then(
			() => true,
			() => false,
		);
		if (answers) return { stop: async (signal = 'SIGTERM') => await end(child, signal) };
		if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
			await end(child, 'SIGKILL');
			throw new Error(`${name} does not start: ${said.trim() || 'it says nothing'}`);
		}
		await sleep(50);
	}
}

/** A program of Debian that reads its settings from a file, and listens on a port of 127.0.0.1. */
export interface ConfiguredDaemon extends Pick<Daemon, 'name' | 'debianPackage' | 'command'> {
	/** @param file where the settings are */
	args(file: string): string[];
	file: string;
	/** The lines of the file. */
	settings: string[];
	port: number;
}

/**
 * Writes a daemon's settings, starts it in the foreground, and waits until it listens.
 *
 * @throws if it is not installed, ends, or does not listen in time
 */
export async function startConfigured({
	args,
	file,
	settings,
	port,
	...program
}: ConfiguredDaemon): Promise<RunningDaemon> {
	await writeFile(file, `${settings.join('\n')}\n`);
	return await startDaemon({
		...program,
		args: args(file),
		ask: async () => await listensOn(port),
	});
}

/** Rejects while nobody listens on a port of 127.0.0.1. */
async function listensOn(port: number): Promise<void> {
	const socket = connect(port, '127.0.0.1');
	try {
		await once(socket, 'connect');
	} finally {
		socket.destroy();
	}
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	const exit = once(child, 'exit');
	child.kill(signal);
	await exit;
}
