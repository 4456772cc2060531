import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadOutputSchema, resolveOutputSchemaPath } from 'n8n-core';
import Ajv from 'ajv';
import type { IDataObject } from 'n8n-workflow';
import { itemsOf } from '../../dev/engine/engine';
import { nodeType, PACKAGE_FOLDER } from '../../dev/packageName';
import { resources } from '../../nodes/Replicate/actions/resources';
import { callEveryOperation } from './everyOperation';
import { runModel, startWorld, type World } from './world';

interface ObjectSchema {
	properties: Record<string, object>;
	required: string[];
}

const nodeDir = join(PACKAGE_FOLDER, 'dist/nodes/Replicate');
const triggerDir = join(PACKAGE_FOLDER, 'dist/nodes/ReplicateTrigger');

/** As n8n's server finds it for its editor. */
function schemaOf(resource: string, operation: string): ObjectSchema {
	const file = resolveOutputSchemaPath({ nodeDir, version: '1.0.0', resource, operation });
	return JSON.parse(readFileSync(file!, 'utf8')) as ObjectSchema;
}

/** The same schema, for which a field that it does not name is a mistake. */
const strictly = (schema: object): object =>
	JSON.parse(
		JSON.stringify(schema, (_key, value: unknown) =>
			typeof value === 'object' && value !== null && 'properties' in value
				? { ...value, additionalProperties: false }
				: value,
		),
	) as object;

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const faults = (schema: object, item: IDataObject) => {
	const validate = ajv.compile(strictly(schema));
	return validate(item)
		? []
		: validate.errors!.map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
};

const describeNew = resolveOutputSchemaPath === undefined ? describe.skip : describe;

describeNew('the fields that n8n shows before the first run', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	it('are written for every operation, and for nothing else', () => {
		for (const [resource, { operations }] of Object.entries(resources)) {
			for (const operation of Object.keys(operations)) {
				expect(schemaOf(resource, operation).required.length).toBeGreaterThan(0);
			}
		}
		expect(existsSync(join(nodeDir, '__schema__/v1.0.0/prediction/nothing.json'))).toBe(false);
	});

	it('are those of real items, without any that is missing or too many', async () => {
		const file = await world.engine.keep(Buffer.from('hello'), 'a.txt', 'text/plain');
		await callEveryOperation(async ({ resource, operation, parameters }) => {
			const { items } = await world.run({ parameters: parameters! }, [
				{ json: { file: file as never } },
			]);
			const found = items.flatMap(({ json }) => faults(schemaOf(resource, operation), json));
			expect({ resource, operation, found }).toEqual({ resource, operation, found: [] });
			return items.map(({ json }) => json);
		});
	});

	it.each([
		['a file', runModel('black-forest-labs/flux-schnell', { inputJson: '{ "prompt": "a fox" }' })],
		[
			'files that stay addresses',
			runModel('black-forest-labs/flux-schnell', {
				inputJson: '{ "prompt": "a fox" }',
				downloadFiles: false,
			}),
		],
		['text', runModel('openai/gpt-4o-mini', { inputJson: '{ "prompt": "hi" }' })],
		[
			'one item per file',
			runModel('black-forest-labs/flux-schnell', {
				inputJson: '{ "prompt": "a fox" }',
				options: { outputItems: 'perFile' },
			}),
		],
		[
			'warnings',
			runModel('openai/gpt-4o-mini', { inputJson: '{ "prompt": "hi", "nonsense": 1 }' }),
		],
	])('are those of a run that gives %s', async (_name, parameters) => {
		const { items, error } = await world.run({ parameters });
		expect(error).toBeUndefined();
		expect(items.flatMap(({ json }) => faults(schemaOf('prediction', 'run'), json))).toEqual([]);
	});

	it('are those of the trigger’s items', async () => {
		const name = 'Replicate Trigger';
		const node = {
			id: 'trigger',
			name,
			type: nodeType('replicateTrigger'),
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: { statuses: ['succeeded'] },
			credentials: { replicateApi: { id: 'sandbox', name: 'Sandbox' } },
		};
		const workflow = world.engine.activate({ nodes: [node], connections: {} });
		const options = { webhookUrl: workflow.url };
		const inputJson = '{ "prompt": "hi" }';
		await world.run({ parameters: runModel('openai/gpt-4o-mini', { inputJson, options }) });
		const waiting = AbortSignal.timeout(20_000);
		while (workflow.runs.length === 0) {
			waiting.throwIfAborted();
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		const items = itemsOf(await workflow.runs[0]!, name);
		const schema = loadOutputSchema({ nodeDir: triggerDir, version: 1, versionFallback: true });
		expect(items.map(({ json }) => faults(schema!, json))).toEqual([[]]);
	});

	it('of the trigger are found, too', () => {
		const ofEditor = resolveOutputSchemaPath({ nodeDir: triggerDir, version: '1.0.0' });
		const ofAssistant = loadOutputSchema({
			nodeDir: triggerDir,
			version: 1,
			versionFallback: true,
		});
		expect(JSON.parse(readFileSync(ofEditor!, 'utf8'))).toEqual(ofAssistant);
		expect(Object.keys((ofAssistant as unknown as ObjectSchema).properties)).toContain('query');
	});
});
