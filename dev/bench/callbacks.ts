/**
 * Suspends one execution with many predictions, and lets their callbacks come:
 * `callbacks.ts <count> <seconds> <per second> <base URL> <token>`, where each prediction takes so many
 * seconds, and at most so many end in a second. Prints how many ms passed from the end of the first
 * until the execution had ended.
 */
import { resolve } from 'node:path';
import { startEngine } from '../engine/engine';
import { nodeType } from '../packageName';
import { workflowWith } from './contestants/node';

async function main([count, seconds, perSecond, baseUrl, token]: string[]): Promise<void> {
	const engine = await startEngine({
		packageFolder: resolve(__dirname, '../..'),
		binaryMode: 'filesystem',
		credential: { apiToken: token!, baseUrl: baseUrl! },
	});
	const workflow = workflowWith(nodeType('replicate'), {
		model: { __rl: true, mode: 'name', value: 'sandbox/slow' },
		inputJson: '={{ $json }}',
		waitFor: 'callback',
		options: { concurrency: 50 },
	});
	const firstEndsAt = Date.now() + Number(seconds) * 1_000;
	const items = Array.from({ length: Number(count) }, (_, n) => ({
		json: { seconds: Number(seconds) + n / Number(perSecond) },
	}));
	const execution = engine.start(workflow, items);
	const { status, data } = await execution.finished;
	if (status !== 'waiting') throw data.resultData.error ?? new Error(`The execution is ${status}`);
	if (Date.now() > firstEndsAt) throw new Error('It was suspended after the first end');
	await execution.ended;
	process.stdout.write(JSON.stringify({ ms: Date.now() - firstEndsAt }));
	process.exit(0);
}

void main(process.argv.slice(2));
