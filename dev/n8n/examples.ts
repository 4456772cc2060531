import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { selfHosted } from '../build/editions.js';
import { PACKAGE_NAME } from '../packageName';
import type { Samples } from '../../examples/samples';
import type { Sandbox } from '../sandbox/server';
import type { RecipeServers } from './servers';
import type { SavedWorkflow, Session, WorkflowFile } from './session';
import type { StandIns } from './standIns';

const FOLDER = resolve(__dirname, '../../examples');

/** What an example names that differs from one n8n to the next. */
export interface Surroundings {
	sandbox: Pick<Sandbox, 'baseUrl' | 'token'>;
	standIns: Pick<StandIns, 'chatModelUrl' | 'notifyUrl' | 'telegramUrl'>;
	/** Without them, the recipes that need one are there and not published. */
	servers?: Pick<RecipeServers, 's3' | 'mail'>;
	/** Stands for `/files`: the folder that the examples read and write. */
	filesFolder: string;
}

/** The folders below `/files` that the examples read and write. */
const FOLDERS = [
	'compared',
	'inbox',
	'photos',
	'pictures',
	'products',
	'published',
	'results',
	'videos',
];

/** Makes those folders, and puts sample files where the examples look for them. */
export async function makeFiles(folder: string, samples: Samples): Promise<void> {
	for (const part of FOLDERS) await mkdir(join(folder, part), { recursive: true });
	const { icon, photo, recording } = samples;
	const files = { 'photo.jpg': photo, 'recording.wav': recording, 'photos/photo.jpg': photo };
	for (const [name, sample] of Object.entries({ ...files, 'photos/icon.png': icon })) {
		// What somebody else put there stays.
		if (!existsSync(join(folder, name))) await copyFile(sample, join(folder, name));
	}
}

/** The names of all example workflows: those of their files, without `.json`. */
export async function exampleNames(): Promise<string[]> {
	const files = await readdir(FOLDER);
	return files.filter((file) => file.endsWith('.json')).map((file) => basename(file, '.json'));
}

/** An example out of its file, with the nodes of the edition that is tried out. */
export async function readExample(name: string): Promise<WorkflowFile> {
	const text = await readFile(join(FOLDER, `${name}.json`), 'utf8');
	const named = text.replaceAll(`"${selfHosted.manifest.name}.`, `"${PACKAGE_NAME}.`);
	return JSON.parse(named) as WorkflowFile;
}

/** Makes the credentials that the examples name, with the surroundings' own addresses. */
export async function createCredentials(
	session: Session,
	{ sandbox, standIns, servers }: Surroundings,
): Promise<Record<string, { id: string; name: string }>> {
	const { token: apiToken, baseUrl } = sandbox;
	const named = {
		'S3 account': servers?.s3.credential,
		'SMTP account': servers?.mail.smtp,
		'IMAP account': servers?.mail.imap,
	};
	const ofServers: Record<string, { id: string; name: string }> = {};
	for (const [name, credential] of Object.entries(named)) {
		if (!credential) continue;
		const { type, data } = credential;
		ofServers[type] = await session.credential(name, type, data);
	}
	return {
		...ofServers,
		replicateApi: await session.credential('Replicate account', 'replicateApi', {
			apiToken,
			baseUrl,
		}),
		openAiApi: await session.credential('Chat model account', 'openAiApi', {
			apiKey: 'none',
			url: standIns.chatModelUrl,
		}),
		telegramApi: await session.credential('Telegram account', 'telegramApi', {
			accessToken: 'none',
			baseUrl: standIns.telegramUrl,
		}),
	};
}

/**
 * Imports an example, as a builder would after having put in the own folder, credentials and
 * addresses.
 *
 * @param change what else the builder changes in it
 */
export async function importExample(
	session: Session,
	name: string,
	surroundings: Surroundings,
	credentials: Record<string, { id: string; name: string }>,
	change: (workflow: WorkflowFile) => void = () => {},
): Promise<SavedWorkflow> {
	const text = JSON.stringify(await readExample(name))
		.replaceAll('/files/', `${surroundings.filesFolder}/`)
		.replaceAll(
			'https://hooks.slack.com/services/your/own/address',
			surroundings.standIns.notifyUrl,
		)
		.replaceAll('https://n8n.example.com', session.url);
	const workflow = JSON.parse(text) as WorkflowFile;
	for (const node of workflow.nodes) {
		for (const type of Object.keys(node.credentials ?? {})) {
			if (credentials[type]) node.credentials![type] = credentials[type];
			else delete node.credentials![type];
		}
	}
	change(workflow);
	return await session.createWorkflow(workflow);
}

/**
 * Imports the examples that are not there yet, and publishes those that a trigger starts. n8n lists
 * the workflow that was changed last at the top, so the first example comes last.
 *
 * @returns the ID of the workflow to start with
 */
export async function importExamples(
	session: Session,
	surroundings: Surroundings,
	credentials: Record<string, { id: string; name: string }>,
): Promise<string> {
	const present = new Map((await session.workflows()).map(({ name, id }) => [name, id]));
	const examples = await Promise.all(
		(await exampleNames()).map(async (name) => ({ name, example: await readExample(name) })),
	);
	examples.sort((one, other) => numberOf(other.example) - numberOf(one.example));
	let id = '';
	for (const { name, example } of examples) {
		const found = present.get(example.name);
		if (found !== undefined) {
			id = found;
			continue;
		}
		const workflow = await importExample(session, name, surroundings, credentials);
		if (hasTrigger(example) && hasAll(example, credentials)) await session.activate(workflow);
		id = workflow.id;
	}
	return id;
}

/** The number with which an example's title begins. */
function numberOf({ name }: WorkflowFile): number {
	return Number.parseInt(name, 10);
}

/** Whether something other than a click, or itself, starts a workflow, so that it is of use switched on. */
function hasTrigger({ nodes }: WorkflowFile): boolean {
	return nodes.some(({ type }) =>
		/(?<!manual|executeWorkflow)Trigger$|\.(?:webhook|emailReadImap)$/.test(type),
	);
}

function hasAll({ nodes }: WorkflowFile, credentials: Record<string, object>): boolean {
	return nodes.every((node) =>
		Object.keys(node.credentials ?? {}).every((type) => type in credentials),
	);
}
