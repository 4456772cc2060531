import { models } from './models';
import { startSandbox } from './server';

/** Where the sandbox listens when started by itself. */
const PORT = Number(process.env.SANDBOX_PORT ?? 5055);

async function main(): Promise<void> {
	const sandbox = await startSandbox({ port: PORT, deliveryPort: PORT + 1 });
	const names = models.map(({ owner, name }) => `${owner}/${name}`).join(', ');
	process.stdout.write(
		`Sandbox: ${sandbox.baseUrl}\nToken:   ${sandbox.token}\nModels:  ${names}\nCtrl-C stops it.\n`,
	);
	process.once('SIGINT', () => void sandbox.stop());
}

void main();
