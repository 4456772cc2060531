import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import Replicate from 'replicate';
import { startEngine } from '../engine/engine';
import { printMeasured } from './measure';

/*
 * One upload in a process of its own: `uploadMemory.ts <node|official> <file> <base URL> <token>`.
 */

interface Upload {
	(path: string): Promise<void>;
}

/** The node in n8n's engine, with the file in n8n's filesystem store. */
async function nodeUpload(baseUrl: string, apiToken: string): Promise<Upload> {
	const engine = await startEngine({
		packageFolder: resolve(__dirname, '..'),
		binaryMode: 'filesystem',
		credential: { apiToken, baseUrl },
	});
	const node = { typeVersion: 1, position: [0, 0] as [number, number] };
	const nodes = [
		{ ...node, id: 'a', name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} },
		{
			...node,
			id: 'b',
			name: 'Upload',
			type: 'n8n-nodes-replicate.replicate',
			parameters: { resource: 'file', operation: 'upload' },
			credentials: { replicateApi: { id: '1', name: 'Bench' } },
		},
	];
	const connections = { Start: { main: [[{ node: 'Upload', type: 'main' as const, index: 0 }]] } };
	return async (path) => {
		const data = await engine.keep(createReadStream(path), basename(path), 'application/zip');
		const run = await engine.start({ nodes, connections }, [{ json: {}, binary: { data } }])
			.finished;
		if (run.data.resultData.error) throw run.data.resultData.error;
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
