import { isDeepStrictEqual } from 'node:util';
import { validateFieldType } from 'n8n-workflow';
import type { JsonObject, JsonValue } from '../../nodes/shared/api/json';
import type { OpenApiDocument } from '../../nodes/shared/api/shapes';
import { modelForm, type FormField } from '../../nodes/Replicate/panel/form';
import {
	isFileInput,
	isWide,
	modelInputs,
	type ModelInput,
} from '../../nodes/shared/schema/modelInputs';
import { typedInput } from '../../nodes/shared/schema/values';
import { readPublicModels, type PublicModel } from '../../dev/sandbox/publicModels';

/** Every public model of January 2025, with its schema and its example. */
describe('the forms of all public models', () => {
	let models: PublicModel[];
	let inputs: Map<PublicModel, ModelInput[]>;

	beforeAll(async () => {
		models = await readPublicModels();
		inputs = new Map(
			models.map((model) => {
				const schema = model.latest_version.openapi_schema as OpenApiDocument;
				return [model, modelInputs(schema) ?? []];
			}),
		);
	});

	const inputsOf = (model: PublicModel) => inputs.get(model)!;
	const exampleOf = ({ default_example: example }: PublicModel) =>
		(example?.input ?? {}) as JsonObject;
	const nameOf = ({ owner, name }: PublicModel) => `${owner}/${name}`;

	it('are valid in n8n, with a field for every input, and none opens empty', () => {
		const counts: Record<string, number> = { models: models.length, fields: 0 };
		const wrong: string[] = [];
		for (const model of models) {
			const inputs = inputsOf(model);
			const form = modelForm(inputs, exampleOf(model));
			const properties = propertiesOf(model);
			const ids = form.map(({ id }) => id);
			if (!isDeepStrictEqual(ids.sort(), Object.keys(properties).sort()))
				wrong.push(`${nameOf(model)} has fields for ${ids.join()}`);
			if (form.length > 0 && form.every(({ removed }) => removed)) wrong.push(nameOf(model));
			for (const field of form) {
				count(counts, 'fields');
				count(counts, `  ${field.type}`);
				if (!field.removed) count(counts, 'shown at first');
				wrong.push(...faultsOf(field).map((fault) => `${nameOf(model)} ${field.id}: ${fault}`));
			}
			if (form.length === 0) count(counts, 'models without any input');
			if (inputs.every(({ required }) => !required)) count(counts, 'models that need no input');
		}
		print('Forms', counts);
		expect(wrong).toEqual([]);
		expect(counts).toMatchObject({
			models: 3808,
			fields: 48286,
			'models without any input': 2,
			'models that need no input': 1422,
		});
	});

	it('know every file input', () => {
		const counts: Record<string, number> = {};
		const wrong: string[] = [];
		for (const model of models) {
			const kinds = new Map(inputsOf(model).map((input) => [input.name, input]));
			for (const [name, property] of Object.entries(propertiesOf(model))) {
				// Said once more, without our reading of schemas: the text of the property tells it.
				const isFile = JSON.stringify(property).includes('"format":"uri"');
				if (isFileInput(kinds.get(name)!) !== isFile) wrong.push(`${nameOf(model)} ${name}`);
				if (isFile) count(counts, kinds.get(name)!.kind);
			}
		}
		print('File inputs', counts);
		expect(wrong).toEqual([]);
		expect(counts).toEqual({ file: 4963, fileList: 4 });
	});

	it('give back the input of each model’s example', () => {
		const counts: Record<string, number> = { examples: 0, 'come back as they were': 0 };
		for (const model of models) {
			const example = exampleOf(model);
			if (Object.keys(example).length === 0) {
				count(counts, 'models without an example input');
				continue;
			}
			count(counts, 'examples');
			const inputs = inputsOf(model);
			const expected: Array<[string, JsonValue]> = [];
			const formValues: Array<[string, unknown]> = [];
			let isExact = true;
			for (const [name, value] of Object.entries(example)) {
				const input = inputs.find((one) => one.name === name);
				const exception = exceptionFor(input, value);
				if (exception) {
					isExact = false;
					count(counts, `  ${exception}`);
					continue;
				}
				expected.push([name, value]);
				formValues.push([name, asFormValue(input!, value)]);
			}
			if (isExact) count(counts, 'come back as they were');
			const typed = typedInput(inputs, Object.fromEntries(formValues));
			// A bigint is a number with all its digits; the example's was rounded when it was read.
			const sent = Object.entries(typed).map(([name, value]) => [
				name,
				typeof value === 'bigint' ? Number(value) : value,
			]);
			if (!isDeepStrictEqual(Object.fromEntries(sent), Object.fromEntries(expected))) {
				expect([nameOf(model), Object.fromEntries(sent)]).toEqual([
					nameOf(model),
					Object.fromEntries(expected),
				]);
			}
		}
		print('Examples', counts);
		expect(counts.examples).toBeGreaterThan(3700);
	});
});

/** Why a value of an example does not come back, or `undefined` when it must. */
function exceptionFor(input: ModelInput | undefined, value: JsonValue): string | undefined {
	if (!input) return 'value of an older version: the input is gone';
	if (value === null) return 'null, which is left out';
	if (value === '') return 'empty text, which is left out';
	const { kind, choices, minimum = -Infinity, maximum = Infinity } = input;
	if (isDeepStrictEqual(value, input.default)) return undefined;
	if (kind === 'choice') {
		if (choices!.includes(value as string)) return undefined;
		return choices!.map(String).includes(String(value))
			? 'value of an older version: its type has changed'
			: 'value of an older version: the choice is gone';
	}
	if (kind === 'number' || kind === 'integer') {
		if (typeof value !== 'number') return 'value of an older version: its type has changed';
		if (value < minimum || value > maximum) return 'value of an older version: outside the limits';
		if (kind === 'integer' && !Number.isInteger(value)) return 'fraction for a whole number';
	}
	return undefined;
}

/** The value as it lies in the form after a builder typed it in. */
function asFormValue(input: ModelInput, value: JsonValue): unknown {
	if (isWide(input) && typeof value === 'number') return BigInt(value).toString();
	return typeof value === 'object' && !isFileInput(input) ? JSON.stringify(value) : value;
}

/** What n8n would not take of a field. */
function faultsOf(field: FormField): string[] {
	const { id, displayName, type, options, defaultValue } = field;
	const faults: string[] = [];
	if (id === '' || displayName.trim() === '') faults.push('no name');
	if (type === 'options' && !(options && options.length > 0)) faults.push('no options');
	if (new Set(options?.map(({ value }) => value)).size !== (options?.length ?? 0)) {
		faults.push('the same option twice');
	}
	const check = validateFieldType(id, defaultValue, type, { valueOptions: options });
	if (!check.valid) faults.push(check.errorMessage);
	return faults;
}

function propertiesOf({ latest_version: version }: PublicModel): Record<string, object> {
	const { Input } = version.openapi_schema.components.schemas;
	return (Input as { properties?: Record<string, object> } | undefined)?.properties ?? {};
}

function count(counts: Record<string, number>, what: string): void {
	counts[what] = (counts[what] ?? 0) + 1;
}

function print(title: string, counts: Record<string, number>): void {
	const lines = Object.entries(counts).map(
		([what, number]) => `${String(number).padStart(7)}  ${what}`,
	);
	process.stdout.write(`${title}\n${lines.join('\n')}\n`);
}
