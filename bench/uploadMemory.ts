import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import Replicate from 'replicate';
import { printMeasured } from './measure';
import { nodeInEngine } from './nodeInEngine';

/*
 * One upload in a process of its own: `uploadMemory.ts <node|official> <file> <base URL> <token>`.
 */

interface Upload {
	(path: string): Promise<void>;
}

/** The node in n8n's engine, with the file in n8n's filesystem store. */
async function nodeUpload(baseUrl: string, apiToken: string): Promise<Upload> {
	const { engine, run } = await nodeInEngine(baseUrl, apiToken, {
		resource: 'file',
		operation: 'upload',
	});
	return async (path) => {
		const data = await engine.keep(createReadStream(path), basename(path), 'application/zip');
		await run({ json: {}, binary: { data } });
	};
}

/** The official client as its README shows it: the file is read into a Buffer. */
function officialUpload(baseUrl: string, auth: string): Upload {
	const replicate = new Replicate({ auth, baseUrl });
	return async (path) => {
		await replicate.files.create(await readFile(path));
	};
}

async function main([who, path, baseUrl, token]: string[]): Promise<void> {
	const upload =
		who === 'node' ? await nodeUpload(baseUrl!, token!) : officialUpload(baseUrl!, token!);
	await upload(resolve(__dirname, '../package.json'));
	await printMeasured(async () => await upload(path!));
}

void main(process.argv.slice(2));
