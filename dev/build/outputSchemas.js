const { mkdir, writeFile } = require('node:fs/promises');
const { dirname, join } = require('node:path');
const esbuild = require('esbuild');
const { toJsonSchema } = require('@valibot/to-json-schema');

/** Where n8n looks for what a node's items hold, beside the built node: the node's version in full. */
const FOLDER = '__schema__';
const VERSION = 'v1.0.0';

/** Any JSON, in the order in which n8n's editor takes the first as the one that it shows. */
const ANY = ['string', 'number', 'boolean', 'array', 'object', 'null'];

/**
 * Writes what the items of each operation and of the trigger hold, from the shapes that their code is
 * typed with. n8n's editor shows these fields before the first run.
 */
async function outputSchemas({ folder }) {
	const { outputSchemas: operations, triggerSchema } = await shapes();
	const node = join(folder, 'dist/nodes/Replicate', FOLDER, VERSION);
	const trigger = join(folder, 'dist/nodes/ReplicateTrigger', FOLDER);
	const files = Object.entries(operations).flatMap(([resource, schemas]) =>
		Object.entries(schemas).map(([name, schema]) => [join(node, resource, `${name}.json`), schema]),
	);
	// The editor asks for the first of the trigger's two, n8n's Assistant for the second.
	files.push([join(trigger, `${VERSION}.json`), triggerSchema]);
	files.push([join(trigger, VERSION, 'output.json'), triggerSchema]);
	await Promise.all(
		files.map(async ([file, schema]) => {
			await mkdir(dirname(file), { recursive: true });
			await writeFile(file, `${JSON.stringify(jsonSchemaOf(schema), null, '\t')}\n`);
		}),
	);
}

/** The shapes of the source, which no bundle of the nodes has. */
async function shapes() {
	const { outputFiles } = await esbuild.build({
		entryPoints: ['nodes/Replicate/outputSchemas.ts'],
		bundle: true,
		write: false,
		platform: 'node',
		format: 'cjs',
		packages: 'external',
	});
	const module = { exports: {} };
	new Function('module', 'exports', 'require', outputFiles[0].text)(
		module,
		module.exports,
		require,
	);
	return module.exports;
}

function jsonSchemaOf(schema) {
	const { $schema: _draft, ...written } = toJsonSchema(schema, {
		overrideSchema: ({ valibotSchema }) => {
			if (valibotSchema.type === 'custom') {
				return valibotSchema.message === 'object' ? { type: 'object' } : { type: ANY };
			}
			if (valibotSchema.type !== 'nullable') return undefined;
			const inner = jsonSchemaOf(valibotSchema.wrapped);
			return { ...inner, type: [inner.type, 'null'].flat() };
		},
	});
	return written;
}

module.exports = { outputSchemas };
