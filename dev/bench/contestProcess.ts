/**
 * One contestant's work in a process of its own, so that time and memory are its own:
 * `contestProcess.ts <contestant> <job> <arguments as JSON> <base URL> <token>`. Prints
 * `{ ms, addedMb, endedAt }`: the wall time, the most memory (RSS) beyond what was there before, and
 * when it ended.
 */
import { contestants } from './contestants';
import type { Contestant, Job } from './contestants/contestant';

/** How often memory is looked at, in ms. */
const SAMPLE_MS = 5;

async function main([who, job, given, baseUrl, token]: string[]): Promise<void> {
	const contestant = await contestants[who!]!({ baseUrl: baseUrl!, token: token! });
	const [warmUp, args] = JSON.parse(given!) as [unknown[], unknown[]];
	await (
		await prepared(contestant, job!, warmUp)
	)();
	const work = await prepared(contestant, job!, args);
	globalThis.gc?.();
	const before = process.memoryUsage.rss();
	let max = before;
	const sampling = setInterval(() => (max = Math.max(max, process.memoryUsage.rss())), SAMPLE_MS);
	const startedAt = performance.now();
	await work();
	const ms = performance.now() - startedAt;
	const endedAt = Date.now();
	clearInterval(sampling);
	max = Math.max(max, process.memoryUsage.rss());
	process.stdout.write(JSON.stringify({ ms, addedMb: (max - before) / 1e6, endedAt }));
	process.exit(0);
}

async function prepared(contestant: Contestant, job: string, args: unknown[]): Promise<Job> {
	const prepare = contestant[job as keyof Contestant] as (...args: unknown[]) => Promise<Job>;
	return await prepare(...args);
}

void main(process.argv.slice(2));
