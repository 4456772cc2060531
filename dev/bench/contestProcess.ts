/**
 * A contestant in a process of its own, so that time and memory are its own:
 * `contestProcess.ts <contestant> <job> <arguments of its warm-up, as JSON> <base URL> <token>`. When it
 * is warm it says so; then each message has the arguments of one run, and is answered with
 * `{ ms, cpuMs, addedMb, endedAt }`: wall time, CPU time, the most memory (RSS) beyond what was there
 * before, and when it ended.
 */
import { readFileSync } from 'node:fs';
import { contestants } from './contestants';
import type { Contestant, Job } from './contestants/contestant';

/** How often memory is looked at, in ms. */
const SAMPLE_MS = 5;
/** The beat in which Linux counts the CPU time of children, in ms. */
const TICK_MS = 10;

async function main([who, name, warmUp, baseUrl, token]: string[]): Promise<void> {
	const contestant = await contestants[who!]!({ baseUrl: baseUrl!, token: token! });
	await (
		await prepared(contestant, name!, JSON.parse(warmUp!) as unknown[])
	)();
	// What is prepared for one run serves the next ones, too.
	const jobs = new Map<string, Job>();
	process.on('message', (given: string) => {
		const job = async () => {
			const args = JSON.parse(given) as unknown[];
			if (!jobs.has(given)) jobs.set(given, await prepared(contestant, name!, args));
			const measured = await measure(jobs.get(given)!);
			await contestant.tidyUp?.();
			return measured;
		};
		job().then(
			(measured) => process.send!(measured),
			(error: unknown) => process.send!({ error: String((error as Error).stack) }),
		);
	});
	process.on('disconnect', () => process.exit(0));
	process.send!('ready');
}

async function measure(work: Job) {
	globalThis.gc?.();
	const before = process.memoryUsage.rss();
	let max = before;
	const sampling = setInterval(() => (max = Math.max(max, process.memoryUsage.rss())), SAMPLE_MS);
	const cpu = cpuMs();
	const startedAt = performance.now();
	await work();
	const ms = performance.now() - startedAt;
	const endedAt = Date.now();
	const spent = cpuMs() - cpu;
	clearInterval(sampling);
	max = Math.max(max, process.memoryUsage.rss());
	return { ms, cpuMs: spent, addedMb: (max - before) / 1e6, endedAt };
}

/** CPU time of this process, and of its children that have ended. */
function cpuMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000 + childrenMs();
}

/** Node does not say what children used; Linux does (proc(5): cutime and cstime), others do not. */
function childrenMs(): number {
	if (process.platform !== 'linux') return 0;
	const stat = readFileSync('/proc/self/stat', 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

async function prepared(contestant: Contestant, job: string, args: unknown[]): Promise<Job> {
	const prepare = contestant[job as keyof Contestant] as (...args: unknown[]) => Promise<Job>;
	return await prepare(...args);
}

main(process.argv.slice(2)).catch((error: unknown) => {
	process.stderr.write(`${(error as Error).stack}\n`);
	process.exit(1);
});
