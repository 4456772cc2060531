/**
 * Opens the nodes in a complete n8n: installs it, starts it with a sandbox of Replicate's API beside
 * it, and fills it with the example workflows. Ctrl-C stops all of it; what was made in n8n stays.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSamples } from '../../examples/samples';
import { createCredentials, importExamples, makeFiles } from '../n8n/examples';
import { cacheFolder, installN8n } from '../n8n/install';
import { installNodePackage } from '../n8n/nodePackage';
import { freePort, N8nProcess } from '../n8n/server';
import { OWNER, Session } from '../n8n/session';
import { startRecipeServers } from '../n8n/servers';
import { startStandIns } from '../n8n/standIns';
import { EDITION } from '../packageName';
import { startSandbox } from '../sandbox/server';

/** Ports on 127.0.0.1, if they are free: n8n's own, the sandbox's own, and the next ones. */
const PORT = { n8n: Number(process.env.PORT ?? 5678), sandbox: 5055, files: 5056, standIns: 5057 };

async function main(): Promise<void> {
	// An n8n for each edition: side by side, n8n would keep the credential of one only.
	const userFolder = join(cacheFolder(), EDITION === 'cloud' ? 'editor-cloud' : 'editor');
	const filesFolder = join(userFolder, 'files');
	const n8n = await installN8n(say);
	say('Packing and installing this package …');
	await installNodePackage(userFolder);
	await makeFiles(filesFolder, await makeSamples(join(cacheFolder(), 'samples')));
	const sandbox = await startSandbox({
		port: await freePort(PORT.sandbox),
		deliveryPort: await freePort(PORT.files),
	});
	const standIns = await startStandIns(await freePort(PORT.standIns), (text) =>
		say(`Message: ${text}`),
	);
	// Some of them are Debian's, and all other recipes run without.
	const servers = await startRecipeServers(
		join(userFolder, 'servers'),
		{ 'icon.png': await readFile(join(filesFolder, 'photos', 'icon.png')) },
		(text) => say(`Message: ${text}`),
	).catch((error: Error) => void say(`${error.message}: recipes 21 and 28 need it`));
	const server = new N8nProcess({
		n8n,
		role: 'start',
		userFolder,
		port: await freePort(PORT.n8n),
		env: { N8N_RESTRICT_FILE_ACCESS_TO: filesFolder },
	});
	const stop = async () => {
		await server.stop();
		await Promise.all([sandbox.stop(), standIns.stop(), servers?.stop()]);
	};
	const stopped = new Promise<void>((resolve) => {
		process.once('SIGINT', () => resolve());
		process.once('SIGTERM', () => resolve());
	});
	say(`Starting n8n ${n8n.version} …`);
	const running = (async () => {
		await server.start();
		const session = await Session.open(server.url);
		const surroundings = { sandbox, standIns, servers: servers ?? undefined, filesFolder };
		const credentials = await createCredentials(session, surroundings);
		const first = await importExamples(session, surroundings, credentials);
		say(`
n8n         ${server.url}
E-mail      ${OWNER.email}
Password    ${OWNER.password}

Start here  ${server.url}/workflow/${first}
            Sign in, then click "Execute workflow" at the bottom.

Sandbox     ${sandbox.baseUrl} takes the place of Replicate: results are made up, and nothing is billed
Files       ${filesFolder}
${
	servers
		? `Buckets     ${servers.s3.place}
Mailboxes   ${servers.mail.place}
`
		: ''
}Log         ${server.logFile}

Messages that a workflow sends appear here. Ctrl-C stops all of it.
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

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
	process.stderr.write(`${(error as Error).stack}\n`);
	process.exitCode = 1;
});
