/**
 * Writes the forms of all recipes anew, as n8n would export them: `npm run recipes`, after a change of
 * the form or of a recipe's model.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { startEngine, type Engine } from '../engine/engine';
import { exampleNames, readExample } from '../n8n/examples';
import { withForms } from '../n8n/recipeForms';
import { startSandbox } from '../sandbox/server';

const root = resolve(__dirname, '../..');

async function main(): Promise<void> {
	const sandbox = await startSandbox();
	try {
		const { token: apiToken, baseUrl } = sandbox;
		const engine = await startEngine({
			packageFolder: root,
			binaryMode: 'filesystem',
			credential: { apiToken, baseUrl },
		});
		await writeForms(engine).finally(async () => await engine.stop());
	} finally {
		// Without this, a failure would leave the process waiting for nobody.
		await sandbox.stop();
	}
}

async function writeForms(engine: Engine): Promise<void> {
	for (const name of await exampleNames()) {
		const recipe = await withForms(engine, await readExample(name));
		const path = join(root, 'examples', `${name}.json`);
		const settings = { ...(await resolveConfig(path)), filepath: path };
		await writeFile(path, await format(JSON.stringify(recipe, null, '\t'), settings));
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`${(error as Error).stack}\n`);
	process.exitCode = 1;
});
