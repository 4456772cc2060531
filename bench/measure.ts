/** How often memory is looked at, in ms. */
const SAMPLE_MS = 5;

/**
 * Runs a piece of work and prints its time in ms and the most memory in MB (RSS) that it took beyond
 * what was there before. Ends the process.
 */
export async function printMeasured(work: () => Promise<void>): Promise<never> {
	globalThis.gc?.();
	const before = process.memoryUsage.rss();
	let most = before;
	const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), SAMPLE_MS);
	const startedAt = performance.now();
	await work();
	const ms = performance.now() - startedAt;
	clearInterval(sampling);
	process.stdout.write(JSON.stringify({ ms: Math.round(ms), addedMb: (most - before) / 1e6 }));
	process.exit(0);
}
