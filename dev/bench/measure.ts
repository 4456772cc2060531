import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Service } from './contestants/contestant';
import type { Seen } from './sandboxProcess';
import type { Times } from './statistics';

const run = promisify(execFile);
const root = resolve(__dirname, '../..');

/** One run of one contestant. */
export interface Measured extends Times {
	/** Most memory (RSS) beyond what was there before, in MB. */
	addedMb: number;
	/** In ms since 1970. */
	endedAt: number;
	/** What the sandbox saw of it. */
	seen: Seen;
	/** Whether it is the first in its process: later ones find memory that it has left. */
	isFirst: boolean;
}

/** How often contestants are measured: in so many processes one after the other, so often in each. */
export interface Rounds {
	processes: number;
	turns: number;
}

/** What several contestants do in turn. */
export interface Contest {
	who: string[];
	job: string;
	/** The job's arguments for a first run that is not measured. */
	warmUp: unknown[];
	args: unknown[];
}

/** The sandbox in another process, in which all contestants are measured. */
export class Course {
	private constructor(
		readonly service: Service,
		private readonly sandbox: ChildProcess,
	) {}

	static async open(): Promise<Course> {
		const sandbox = fork(resolve(__dirname, 'sandboxProcess.ts'), {
			execArgv: ['--import', 'tsx'],
			cwd: root,
		});
		const [service] = (await once(sandbox, 'message')) as [Service];
		return new Course(service, sandbox);
	}

	/** What the sandbox has seen since this was last asked. */
	async seen(): Promise<Seen> {
		this.sandbox.send('seen');
		return ((await once(this.sandbox, 'message')) as [Seen])[0];
	}

	/** Starts a contestant in a process of its own, and warms it up. */
	async enter(who: string, job: string, warmUp: unknown[]): Promise<Entrant> {
		return await Entrant.start(this, who, job, warmUp);
	}

	/** Measures one job once, in a process of its own. */
	async measure(who: string, job: string, warmUp: unknown[], args: unknown[]): Promise<Measured> {
		const entrant = await this.enter(who, job, warmUp);
		return await entrant.run(args).finally(async () => await entrant.leave());
	}

	/**
	 * Measures contestants in turn, A B A B, so that the runs of a turn see the same machine; in each
	 * process they have several turns, and then begin anew in others.
	 */
	async contest(
		{ who, job, warmUp, args }: Contest,
		{ processes, turns }: Rounds,
	): Promise<Record<string, Measured[]>> {
		const results: Record<string, Measured[]> = Object.fromEntries(who.map((each) => [each, []]));
		for (let count = 0; count < processes; count++) {
			const entrants: Entrant[] = [];
			try {
				for (const each of who) entrants.push(await this.enter(each, job, warmUp));
				for (let turn = 0; turn < turns; turn++) {
					for (const entrant of entrants) results[entrant.who]!.push(await entrant.run(args));
				}
			} finally {
				await Promise.all(entrants.map(async (entrant) => await entrant.leave()));
			}
		}
		return results;
	}

	close(): void {
		this.sandbox.kill();
	}
}

/** A contestant in a process of its own, which works when it is told. */
export class Entrant {
	private runs = 0;

	private constructor(
		private readonly course: Course,
		readonly who: string,
		private readonly process: ChildProcess,
		private readonly folder: string,
	) {}

	static async start(
		course: Course,
		who: string,
		job: string,
		warmUp: unknown[],
	): Promise<Entrant> {
		const folder = await mkdtemp(join(tmpdir(), 'bench-'));
		const { baseUrl, token } = course.service;
		const child = fork(
			resolve(__dirname, 'contestProcess.ts'),
			[who, job, JSON.stringify(warmUp), baseUrl, token],
			{
				execArgv: ['--expose-gc', '--import', 'tsx'],
				cwd: root,
				env: { ...process.env, TMPDIR: folder },
			},
		);
		const entrant = new Entrant(course, who, child, folder);
		await entrant.message();
		return entrant;
	}

	/** Does the job once with these arguments. */
	async run(args: unknown[]): Promise<Measured> {
		await this.course.seen();
		this.process.send(JSON.stringify(args));
		const measured = (await this.message()) as Omit<Measured, 'seen' | 'isFirst'>;
		return { ...measured, seen: await this.course.seen(), isFirst: this.runs++ === 0 };
	}

	/** Ends its process, and removes its files. */
	async leave(): Promise<void> {
		const hasEnded = this.process.exitCode === null ? once(this.process, 'exit') : undefined;
		this.process.kill();
		await hasEnded;
		await rm(this.folder, { recursive: true });
	}

	private async message(): Promise<unknown> {
		const ended = new AbortController();
		const { signal } = ended;
		const [said] = (await Promise.race([
			once(this.process, 'message', { signal }),
			once(this.process, 'exit', { signal }).then(([code]) => {
				throw new Error(`${this.who} ended with exit code ${code}`);
			}),
		]).finally(() => ended.abort())) as [unknown];
		if (said instanceof Object && 'error' in said) throw new Error(String(said.error));
		return said;
	}
}

/** What a script prints, which gets a folder for its files that is removed afterwards. */
export async function output(args: string[]): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'bench-'));
	const env = { ...process.env, TMPDIR: folder };
	const ended = run(process.execPath, args, { cwd: root, env, maxBuffer: 1e8 });
	const { stdout } = await ended.finally(async () => await rm(folder, { recursive: true }));
	return stdout;
}

/** Runs each of several measurements in turn, so often, so that all see the same machine. */
export async function inTurn<T>(
	turns: number,
	measurements: Record<string, () => Promise<T>>,
): Promise<Record<string, T[]>> {
	const results: Record<string, T[]> = {};
	for (let turn = 0; turn < turns; turn++) {
		for (const [name, measurement] of Object.entries(measurements)) {
			(results[name] ??= []).push(await measurement());
		}
	}
	return results;
}
