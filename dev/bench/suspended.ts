/**
 * Suspends many executions, each with a prediction that runs: `suspended.ts <count> <base URL> <token>`.
 * Prints how many of them still hold the engine, as they would hold a worker, while all predictions
 * run. It is n8n's engine in one process; the end-to-end tests do the same in queue mode.
 */
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { startEngine } from '../engine/engine';
import { nodeType } from '../packageName';
import { workflowWith } from './contestants/node';

/** Executions that are started at the same time, as by so many workers. */
const CONCURRENCY = 10;
/** How long each prediction runs, in s: longer than it takes to start them all. */
const SECONDS = 600;

async function main([count, baseUrl, token]: string[]): Promise<void> {
	const engine = await startEngine({
		packageFolder: resolve(__dirname, '../..'),
		binaryMode: 'filesystem',
		credential: { apiToken: token!, baseUrl: baseUrl! },
	});
	const workflow = workflowWith(nodeType('replicate'), {
		model: { __rl: true, mode: 'name', value: 'sandbox/slow' },
		inputJson: JSON.stringify({ seconds: SECONDS }),
		waitFor: 'callback',
	});
	const before = process.memoryUsage.rss();
	let held = Number(count);
	const runs = await pMap(
		Array.from({ length: held }),
		async () => {
			const run = await engine.start(workflow).finished;
			held -= 1;
			return run;
		},
		{ concurrency: CONCURRENCY },
	);
	const failed = runs.find(({ status }) => status !== 'waiting');
	if (failed) throw failed.data.resultData.error ?? new Error(failed.status);
	await sleep(1_000);
	const running = await predictionsUnderWay(baseUrl!, token!, Number(count));
	const addedMb = (process.memoryUsage.rss() - before) / 1e6;
	process.stdout.write(JSON.stringify({ held, running, addedMb }));
	process.exit(0);
}

async function predictionsUnderWay(baseUrl: string, token: string, count: number): Promise<number> {
	let running = 0;
	let url: string | null = `${baseUrl}/predictions`;
	for (let seen = 0; url && seen < count;) {
		const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
		const page = (await answer.json()) as { next: string | null; results: [{ status: string }] };
		running += page.results.filter(({ status }) => status === 'processing').length;
		seen += page.results.length;
		url = page.next;
	}
	return running;
}

void main(process.argv.slice(2));
