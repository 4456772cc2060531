import { installN8n } from '../../dev/n8n/install';

/** Installs n8n before the first test: it takes longer than any test may. */
export default async function installBeforeTests(): Promise<void> {
	await installN8n((line) => process.stderr.write(`${line}\n`));
}
