import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Service } from './contestants/contestant';
import type { Seen } from './sandboxProcess';

const run = promisify(execFile);
const root = resolve(__dirname, '../..');

/** One run of one contestant. */
export interface Measured {
	/** Wall time in ms. */
	ms: number;
	/** Most memory (RSS) beyond what was there before, in MB. */
	addedMb: number;
	/** In ms since 1970. */
	endedAt: number;
	/** What the sandbox saw of it, with its warm-up. */
	seen: Seen;
}

/** The middle of several runs, and between which values they all lie. */
export interface Spread {
	median: number;
	min: number;
	max: number;
	runs: number;
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

	/**
	 * Measures one job in a process of its own.
	 *
	 * @param warmUp the job's arguments for a first run that is not measured
	 */
	async measure(who: string, job: string, warmUp: unknown[], args: unknown[]): Promise<Measured> {
		await this.seen();
		const stdout = await output([
			'--expose-gc',
			'--import',
			'tsx',
			'dev/bench/contestProcess.ts',
			who,
			job,
			JSON.stringify([warmUp, args]),
			this.service.baseUrl,
			this.service.token,
		]);
		return { ...(JSON.parse(stdout) as Omit<Measured, 'seen'>), seen: await this.seen() };
	}

	close(): void {
		this.sandbox.kill();
	}
}

/**
 * Measures one job with a sandbox that nobody has used before: what another contestant left in its
 * memory, and what V8 has optimized for that one's requests, would cost this one.
 */
export async function measureAlone(...job: Parameters<Course['measure']>): Promise<Measured> {
	const course = await Course.open();
	return await course.measure(...job).finally(() => course.close());
}

/** What a script prints, which gets a folder for its files that is removed afterwards. */
export async function output(args: string[]): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'bench-'));
	const env = { ...process.env, TMPDIR: folder };
	const ended = run(process.execPath, args, { cwd: root, env, maxBuffer: 1e8 });
	const { stdout } = await ended.finally(async () => await rm(folder, { recursive: true }));
	return stdout;
}

/**
 * Runs each of several measurements in turn, so often, so that all see the same machine. Another one
 * begins each time, so that none is always the first.
 */
export async function inTurn<T>(
	repeats: number,
	measurements: Record<string, () => Promise<T>>,
): Promise<Record<string, T[]>> {
	const results: Record<string, T[]> = {};
	for (let repeat = 0; repeat < repeats; repeat++) {
		const entries = Object.entries(measurements);
		const first = repeat % entries.length;
		for (const [name, measurement] of [...entries.slice(first), ...entries.slice(0, first)]) {
			(results[name] ??= []).push(await measurement());
		}
	}
	return results;
}

export function spread(values: number[]): Spread {
	const sorted = [...values].sort((one, other) => one - other);
	const round = (value: number) => Math.round(value * 1_000) / 1_000;
	return {
		median: round(sorted[sorted.length >> 1]!),
		min: round(sorted[0]!),
		max: round(sorted.at(-1)!),
		runs: sorted.length,
	};
}

/** The ratios of runs that were made side by side. */
export function ratios(ours: number[], theirs: number[]): Spread {
	return spread(ours.map((value, index) => value / theirs[index]!));
}
