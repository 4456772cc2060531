/**
 * Opens the nodes in a complete n8n: installs it, starts it with a sandbox of Replicate's API beside
 * it, and fills it with the example workflows. Ctrl-C ends all of it; what was made in n8n stays.
 */
import { mkdir, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSamples } from '../../examples/samples';
import {
	createCredentials,
	exampleNames,
	hasTrigger,
	importExample,
	readExample,
} from '../n8n/examples';
import { cacheFolder, installN8n } from '../n8n/install';
import { installNodePackage } from '../n8n/nodePackage';
import { freePort, N8nProcess } from '../n8n/server';
import { OWNER, Session } from '../n8n/session';
import { startStandIns } from '../n8n/standIns';
import { startSandbox } from '../sandbox/server';

/** Ports on 127.0.0.1, if they are free: n8n's own, the sandbox's own, and the next ones. */
const PORT = { n8n: Number(process.env.PORT ?? 5678), sandbox: 5055, files: 5056, standIns: 5057 };

async function main(): Promise<void> {
	const userFolder = join(cacheFolder(), 'editor');
	const filesFolder = join(userFolder, 'files');
	const n8n = await installN8n(say);
	say('Packing and installing this package …');
	await installNodePackage(userFolder);
	await makeFiles(filesFolder);
	const sandbox = await startSandbox({
		port: await freePort(PORT.sandbox),
		deliveryPort: await freePort(PORT.files),
	});
	const standIns = await startStandIns(await freePort(PORT.standIns), (text) =>
		say(`Notification: ${text}`),
	);
	const server = new N8nProcess({
		n8n,
		role: 'start',
		userFolder,
		port: await freePort(PORT.n8n),
		env: { N8N_RESTRICT_FILE_ACCESS_TO: filesFolder },
	});
	const stop = async () => {
		await server.stop();
		await Promise.all([sandbox.stop(), standIns.stop()]);
	};
	const stopped = new Promise<void>((resolve) => {
		process.once('SIGINT', () => resolve());
		process.once('SIGTERM', () => resolve());
	});
	say(`Starting n8n ${n8n.version} …`);
	const running = (async () => {
		await server.start();
		await importAll(await Session.open(server.url), { sandbox, standIns, filesFolder });
		say(`
n8n        ${server.url}
E-mail     ${OWNER.email}
Password   ${OWNER.password}

Sandbox    ${sandbox.baseUrl}, which stands in for Replicate: results are made up, nothing is paid
Files      ${filesFolder}
Log        ${server.logFile}

Ctrl-C stops all of it.
`);
	})();
	await Promise.race([stopped, running]).then(
		async () => await stopped,
		(error: unknown) => {
			process.exitCode = 1;
			process.stderr.write(`${(error as Error).message}\n`);
		},
	);
	await stop();
}

/** Sample files where the examples look for them. */
async function makeFiles(folder: string): Promise<void> {
	for (const part of ['photos', 'pictures', 'products', 'videos', 'results'])
		await mkdir(join(folder, part), { recursive: true });
	const { icon, photo } = await makeSamples(join(cacheFolder(), 'samples'));
	await copyFile(photo, join(folder, 'photo.jpg'));
	await copyFile(photo, join(folder, 'photos', 'photo.jpg'));
	await copyFile(icon, join(folder, 'photos', 'icon.png'));
}

/** Imports the examples that are not there yet, and switches on those that a trigger starts. */
async function importAll(
	session: Session,
	surroundings: Parameters<typeof createCredentials>[1],
): Promise<void> {
	const credentials = await createCredentials(session, surroundings);
	const present = new Set((await session.workflows()).map(({ name }) => name));
	for (const name of await exampleNames()) {
		const example = await readExample(name);
		if (present.has(example.name)) continue;
		const workflow = await importExample(session, name, surroundings, credentials);
		if (hasTrigger(example)) await session.activate(workflow);
	}
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
	process.stderr.write(`${(error as Error).stack}\n`);
	process.exitCode = 1;
});
