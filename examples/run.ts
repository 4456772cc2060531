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
import { printTable, type Row } from './table';

const root = resolve(__dirname, '..');
const outputFolder = join(root, 'demo-output');

/** One execution of an example workflow on one file. */
interface Step {
	example: string;
	/** What the trigger gives: a file's path or a URL. */
	source: string;
	isHosted: boolean;
	model?: string;
	input?: string;
}

/** Runs the examples through n8n's engine and prints what became of each file. */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { live: { type: 'boolean', default: false }, url: { type: 'string' } },
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
	const { imageModel: model, soundModel: sound, hostedUrl } = service;
	const steps: Step[] = [
		{ example: 'image-from-disk', source: icon, isHosted: false, model },
		{ example: 'image-from-disk', source: photo, isHosted: false, model },
		...(hostedUrl ? [{ example: 'image-from-url', source: hostedUrl, isHosted: true, model }] : []),
		{
			example: 'large-file',
			source: recording,
			isHosted: false,
			model: sound?.name,
			input: sound?.input,
		},
	];
	const rows: Row[] = [];
	for (const step of steps) rows.push(await runStep(engine, service, step));
	printTable(rows);
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
	const travelled = await howItTravelled(service, json);
	const written = itemsOf(run, 'Write the Result')[0]?.json.fileName as string | undefined;
	if (written) {
		const { size } = await stat(written);
		const output = `${basename(written)} (${size} bytes)`;
		return { ...row, travelled, status: String(json.status), output };
	}
	return { ...row, travelled, ...(await checkedJson(step.source, json)) };
}

/** Reads an example, without its notes, and with the models of the service. */
async function loadWorkflow({ example, model, input }: Step): Promise<EngineWorkflow> {
	const path = join(root, 'examples', `${example}.json`);
	const workflow = JSON.parse(await readFile(path, 'utf8')) as EngineWorkflow;
	const nodes = workflow.nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');
	for (const { type, parameters } of nodes) {
		if (!type.startsWith(`${PACKAGE_NAME}.`) || !model) continue;
		parameters.model = { __rl: true, mode: 'name', value: model };
		if (input) parameters.fileInputs = { values: [{ input, binaryFields: 'data' }] };
		else parameters.inputJson = '{}';
	}
	return { ...workflow, nodes };
}

/** Asks the service how the file came: its record of the input does not keep data URIs. */
async function howItTravelled(
	{ baseUrl, apiToken }: Service,
	{ id }: IDataObject,
): Promise<string> {
	const answer = await fetch(`${baseUrl}/predictions/${String(id)}`, {
		headers: { authorization: `Bearer ${apiToken}` },
	});
	const { input } = (await answer.json()) as { input: Record<string, unknown> };
	const address = Object.values(input).find((value) => String(value).startsWith('http'));
	if (address === undefined) return 'data URI';
	return String(address).startsWith(`${baseUrl}/files/`) ? 'upload' : 'hosted URL';
}

/** Writes a JSON output, and checks the checksum in it where there is one. */
async function checkedJson(
	source: string,
	json: IDataObject,
): Promise<Pick<Row, 'status' | 'output'>> {
	const path = join(outputFolder, `${String(json.id)}.json`);
	await writeFile(path, JSON.stringify(json, null, 2));
	const [received] = json.output as Array<{ sha256?: string }>;
	if (!received?.sha256) return { status: String(json.status), output: basename(path) };
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(source)) hash.update(chunk as Buffer);
	const isSame = hash.digest('hex') === received.sha256;
	return isSame
		? { status: String(json.status), output: `${basename(path)} (SHA-256 is the file's)` }
		: { status: 'wrong bytes', output: `${basename(path)} (SHA-256 differs)` };
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
	process.stderr.write(`${(error as Error).stack}\n`);
	process.exitCode = 1;
});
