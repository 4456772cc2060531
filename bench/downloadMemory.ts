import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Replicate from 'replicate';
import { printMeasured } from './measure';
import { nodeInEngine } from './nodeInEngine';

/*
 * One download in a process of its own: `downloadMemory.ts <node|official> <MB> <base URL> <token>`.
 */

/** Runs the model that gives a file of so many MB, and keeps the file. */
type Download = (megabytes: number) => Promise<void>;

/** The node in n8n's engine, with the file into n8n's filesystem store. */
async function nodeDownload(baseUrl: string, apiToken: string): Promise<Download> {
	const { run } = await nodeInEngine(baseUrl, apiToken, {
		model: { __rl: true, mode: 'name', value: 'sandbox/payload' },
		inputMode: 'json',
		inputJson: '={{ $json }}',
	});
	return async (megabytes) => await run({ json: { megabytes } });
}

/** The official client, and its output written to disk as its README shows it. */
async function officialDownload(baseUrl: string, auth: string): Promise<Download> {
	const replicate = new Replicate({ auth, baseUrl });
	const folder = await mkdtemp(join(tmpdir(), 'bench-'));
	return async (megabytes) => {
		const output = await replicate.run('sandbox/payload', { input: { megabytes } });
		// The client makes file objects of https URLs only; the sandbox has none.
		const answer = await fetch(String(output));
		await writeFile(join(folder, 'out'), Buffer.from(await answer.arrayBuffer()));
		await rm(join(folder, 'out'));
	};
}

async function main([who, megabytes, baseUrl, token]: string[]): Promise<void> {
	const open = who === 'node' ? nodeDownload : officialDownload;
	const download = await open(baseUrl!, token!);
	await download(1);
	await printMeasured(async () => await download(Number(megabytes)));
}

void main(process.argv.slice(2));
