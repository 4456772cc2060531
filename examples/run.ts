import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { IDataObject } from 'n8n-workflow';
import { itemsOf, startEngine, type Engine, type EngineWorkflow } from '../dev/engine/engine';
import { makeSamples } from './samples';
import { liveService, sandboxService, type Service } from './service';
import { PACKAGE_NAME } from '../dev/packageName';
import { tableOf, type Row } from './table';
import { writeSample } from './readmeSample';

const root = resolve(__dirname, '..');
const outputFolder = join(root, 'demo-output');

/** One execution of an example workflow on one file. */
interface Step {
	example: string;
	/** What the trigger gives: a file's path or a URL. */
	source: string;
	isHosted: boolean;
}

/** Runs the examples through n8n's engine and prints what became of each file. */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			live: { type: 'boolean', default: false },
			url: { type: 'string' },
			readme: { type: 'boolean', default: false },
		},
	});
	say('Making the sample files …');
	const samples = await makeSamples(join(root, '.cache', 'samples'));
	const token = process.env.REPLICATE_API_TOKEN;
	if (values.live && !token)
		throw new Error('Set REPLICATE_API_TOKEN to run against replicate.com');
	if (token && !values.live) say('REPLICATE_API_TOKEN is set; "npm start -- --live" would use it.');
	const service = values.live ? liveService(token!, values.url) : await sandboxService(samples);
	say(`Running n8n's engine against ${service.name} …`);
	const engine = await startEngine({
		packageFolder: root,
		binaryMode: 'filesystem',
		credential: { apiToken: service.apiToken, baseUrl: service.baseUrl },
	});
	await mkdir(outputFolder, { recursive: true });

	const { icon, photo, recording } = samples;
	const { hostedUrl } = service;
	const steps: Step[] = [
		{ example: 'image-from-disk', source: icon, isHosted: false },
		{ example: 'image-from-disk', source: photo, isHosted: false },
		...(hostedUrl ? [{ example: 'image-from-url', source: hostedUrl, isHosted: true }] : []),
		{ example: 'large-file', source: recording, isHosted: false },
	];
	const rows: Row[] = [];
	for (const step of steps) rows.push(await runStep(engine, service, step));
	say(`\n${tableOf(rows)}\n`);
	if (values.readme) await writeSample(rows);
	say(`Outputs: ${relative(process.cwd(), outputFolder) || '.'}/`);
	await Promise.all([service.stop(), engine.stop()]);
	if (rows.some(({ status }) => status !== 'succeeded')) process.exitCode = 1;
}

async function runStep(engine: Engine, service: Service, step: Step): Promise<Row> {
	const workflow = await loadWorkflow(step);
	const node = workflow.nodes.find(({ type }) => type.startsWith(`${PACKAGE_NAME}.`))!;
	const { value: model } = node.parameters.model as { value: string };
	const bytes = step.isHosted ? undefined : (await stat(step.source)).size;
	const file = basename(step.source);
	say(`  ${file} → ${model}`);
	const startedAt = Date.now();
	const seconds = () => (Date.now() - startedAt) / 1_000;
	const ticking = setInterval(() => say(`    still running, ${seconds().toFixed(0)} s`), 2_000);
	const trigger = step.isHosted ? { url: step.source } : { file: step.source };
	const run = await engine.start(workflow, [{ json: { ...trigger, folder: outputFolder } }])
		.finished;
	clearInterval(ticking);
	const row = { file, bytes, model, seconds: seconds() };
	const { error } = run.data.resultData;
	if (error) {
		return {
			...row,
			travelled: '–',
			status: 'error',
			output: `${error.message} ${error.description ?? ''}`,
		};
	}
	const { json } = itemsOf(run, node.name)[0]!;
	const journey = await journeyOf(service, step, json);
	const written = itemsOf(run, 'Write the Result')[0]?.json.fileName as string | undefined;
	const output = written ?? (await writtenJson(json));
	const { size } = await stat(output);
	return { ...row, ...journey, output: `${basename(output)} (${size} bytes)` };
}

/** Reads an example, without its notes. */
async function loadWorkflow({ example }: Step): Promise<EngineWorkflow> {
	const path = join(root, 'examples', `${example}.json`);
	const workflow = JSON.parse(await readFile(path, 'utf8')) as EngineWorkflow;
	const nodes = workflow.nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');
	return { ...workflow, nodes };
}

/**
 * How the file went to the model: the service's record of the input holds an upload's or a hosted
 * URL, and no data URI. The service's checksum of an upload must be that of the file.
 */
async function journeyOf(
	{ baseUrl, apiToken }: Service,
	{ source }: Step,
	{ id, status }: IDataObject,
): Promise<Pick<Row, 'status' | 'travelled'>> {
	const asked = async (path: string): Promise<unknown> => {
		const headers = { authorization: `Bearer ${apiToken}` };
		return await (await fetch(`${baseUrl}${path}`, { headers })).json();
	};
	const { input } = (await asked(`/predictions/${String(id)}`)) as { input: object };
	const address = Object.values(input)
		.map(String)
		.find((value) => value.startsWith('http'));
	if (address === undefined) return { travelled: 'data URI', status: String(status) };
	const upload = address.startsWith(`${baseUrl}/files/`)
		? address.slice(baseUrl.length).split(/[?/]/)[2]
		: undefined;
	if (!upload) return { travelled: 'hosted URL', status: String(status) };
	const { checksums } = (await asked(`/files/${upload}`)) as { checksums: { sha256: string } };
	return checksums.sha256 === (await sha256Of(source))
		? { travelled: 'upload, SHA-256 is the file’s', status: String(status) }
		: { travelled: 'upload', status: 'wrong bytes: SHA-256 differs' };
}

async function sha256Of(path: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
	return hash.digest('hex');
}

/** Writes an output that is JSON to a file, and gives its path. */
async function writtenJson(json: IDataObject): Promise<string> {
	const path = join(outputFolder, `${String(json.id)}.json`);
	await writeFile(path, JSON.stringify(json, null, 2));
	return path;
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
	process.stderr.write(`${(error as Error).stack}\n`);
	process.exitCode = 1;
});
