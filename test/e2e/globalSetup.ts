import { installN8n } from '../../dev/n8n/install';
import { endSharedN8nAtOnce, shareN8n } from './sharedN8n';

/** Installs n8n before the first test: it takes longer than any test may. */
export default async function installBeforeTests(): Promise<void> {
	await installN8n((line) => process.stderr.write(`${line}\n`));
	shareN8n();
	for (const name of ['SIGINT', 'SIGTERM'] as const) {
		process.once(name, () => {
			endSharedN8nAtOnce();
			process.exit(1);
		});
	}
}
