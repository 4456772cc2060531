import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFiles } from '../../dev/n8n/examples';
import { installN8n } from '../../dev/n8n/install';
import { installNodePackage } from '../../dev/n8n/nodePackage';
import { freePort, N8nProcess } from '../../dev/n8n/server';
import type { Session } from '../../dev/n8n/session';
import { makeSamples } from '../../examples/samples';

/*
 * One n8n serves all suites that need nothing of their own of it: a start takes longer than most suites.
 * The first of them starts it, each finds it empty, and it ends after the last. Each test file has its
 * own modules, so what they share is written down in a file.
 */

/** Names the file, for the test files of this run. */
const VARIABLE = 'E2E_SHARED_N8N';
/** How long n8n may take to end by itself, in ms, before it is ended. */
const STOP_MS = 15_000;

/** A complete n8n on SQLite, with the packed package in it. */
export interface SharedN8n {
	pid: number;
	url: string;
	/** n8n's `N8N_USER_FOLDER`. */
	userFolder: string;
	/** The only folder that n8n may read and write. */
	filesFolder: string;
}

/** Before the first test file: names the file. */
export function shareN8n(): void {
	process.env[VARIABLE] = join(mkdtempSync(join(tmpdir(), 'n8n-e2e-shared-')), 'n8n.json');
}

/** The shared n8n, which is started when it is first asked for. */
export async function sharedN8n(): Promise<SharedN8n> {
	return readShared() ?? (await start());
}

/** A folder of an n8n, with the packed package and the files that the recipes read. */
export async function makeUserFolder(userFolder: string): Promise<{ filesFolder: string }> {
	const filesFolder = join(userFolder, 'files');
	await makeFiles(filesFolder, await makeSamples(join(tmpdir(), 'n8n-e2e-samples')));
	await installNodePackage(userFolder);
	return { filesFolder };
}

async function start(): Promise<SharedN8n> {
	const n8n = await installN8n((line) => process.stderr.write(`${line}\n`));
	const userFolder = mkdtempSync(join(tmpdir(), 'n8n-e2e-'));
	const { filesFolder } = await makeUserFolder(userFolder);
	const main = new N8nProcess({
		n8n,
		role: 'start',
		userFolder,
		port: await freePort(),
		env: { N8N_RESTRICT_FILE_ACCESS_TO: filesFolder },
	});
	await main.start();
	const shared = { pid: main.pid!, url: main.url, userFolder, filesFolder };
	writeFileSync(process.env[VARIABLE]!, JSON.stringify(shared));
	return shared;
}

function readShared(): SharedN8n | undefined {
	try {
		return JSON.parse(readFileSync(process.env[VARIABLE]!, 'utf8')) as SharedN8n;
	} catch {
		return undefined;
	}
}

/** Takes out of n8n what an earlier suite has left, so that the next one finds it as it was at first. */
export async function empty(session: Session, { filesFolder }: SharedN8n): Promise<void> {
	for (const { id, isArchived } of await session.workflows())
		if (!isArchived) await session.request('POST', `/workflows/${id}/archive`);
	for (let left = await session.workflows(); left.length > 0; left = await session.workflows()) {
		for (const { id } of left) {
			await session.request('DELETE', `/workflows/${id}`).catch(async (error: Error) => {
				// n8n takes a moment to take it off its address.
				if (!error.message.includes(': 409 ')) throw error;
				await sleep(200);
			});
		}
	}
	for (const { id } of await session.request<Array<{ id: string }>>('GET', '/credentials'))
		await session.request('DELETE', `/credentials/${id}`);
	const { id: project } = await session.request<{ id: string }>('GET', '/projects/personal');
	const tables = `/projects/${project}/data-tables`;
	const { data } = await session.request<{ data: Array<{ id: string }> }>('GET', tables);
	for (const { id } of data) await session.request('DELETE', `${tables}/${id}`);
	for (const name of await readdir(filesFolder))
		await rm(join(filesFolder, name), { recursive: true });
	await makeFiles(filesFolder, await makeSamples(join(tmpdir(), 'n8n-e2e-samples')));
}

/** After the last test file: ends the shared n8n as its operator would, and waits for it. */
export async function endSharedN8n(): Promise<void> {
	const shared = readShared();
	if (shared) {
		signal(shared, 'SIGTERM');
		const deadline = Date.now() + STOP_MS;
		while (signal(shared, 0) && Date.now() < deadline) await sleep(100);
	}
	endSharedN8nAtOnce();
}

/** When the run itself is ended: n8n is in a process group of its own, and would stay. */
export function endSharedN8nAtOnce(): void {
	const shared = readShared();
	if (!shared) return;
	signal(shared, 'SIGKILL');
	rmSync(shared.userFolder, { recursive: true, force: true });
	rmSync(join(process.env[VARIABLE]!, '..'), { recursive: true, force: true });
}

/** @returns whether there is such a process */
function signal({ pid }: SharedN8n, name: NodeJS.Signals | 0): boolean {
	try {
		return process.kill(pid, name);
	} catch {
		return false;
	}
}
