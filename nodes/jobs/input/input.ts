import { fallbackModels } from '../../fields/fallback';
import type { ParameterSource } from '../../fields/field';
import { inputFields, inputJson } from '../../fields/input';
import { ParameterError } from '../../fields/parameterError';
import { shown, type InputObject, type JsonObject } from '../../shared/api/json';
import { readJsonInput } from '../../shared/schema/jsonInput';
import type { ModelInput } from '../../shared/schema/modelInputs';
import { assertNotTooDeep, typedInput, unknownNames } from '../../shared/schema/values';
import type { FallbackRow } from './rows';

/** What gives a node's parameters, and the JSON of the item that they are read for. */
export interface ItemSource extends ParameterSource {
	json?: JsonObject;
}

/** n8n's resource mapper, as far as it is read. */
interface Mapper {
	mappingMode?: unknown;
	value?: unknown;
}

/** The input that a builder gave, before its files are looked at. */
interface GivenInput {
	input: InputObject;
	/** What the builder should know, though it stops nothing. */
	warnings: string[];
}

/**
 * Reads the input of one item, the additional inputs merged over the form, with each value in the type
 * that the model's schema wants. For a fallback's model, that is what is written for it, and of the form
 * and the additional inputs whatever it has inputs for.
 *
 * @param inputs   the model's inputs, where its schema is known
 * @param fallback the row of the fallback's model, where it is one
 * @throws InputError for input that is no JSON object, or a value that the model does not take
 */
export function readInput(
	from: ItemSource,
	inputs: ModelInput[] | undefined,
	fallback?: FallbackRow,
): GivenInput {
	const { fields, unmapped } = readForm(from, inputs);
	const additional = readJsonInput(inputJson.read(from), inputJson.label, inputs);
	const known = inputs ?? [];
	if (fallback) {
		const label = `${fallbackModels.label} → Inputs (JSON)`;
		const { given: own, warnings } = readJsonInput(fallback.inputJson, label, inputs);
		const same = Object.entries({ ...fields, ...additional.given });
		const isKnown = (name: string) => !inputs || inputs.some((input) => input.name === name);
		const all = { ...Object.fromEntries(same.filter(([name]) => isKnown(name))), ...own };
		assertNotTooDeep(all);
		const unknown = inputs ? unknownNames(inputs, own) : [];
		return { input: typedInput(known, all), warnings: [...warnings, ...unknown] };
	}
	const { given, warnings } = additional;
	if (unmapped && Object.keys(given).length === 0) throw unmapped;
	assertNotTooDeep(given, fields);
	const isReplaced = (name: string) => Object.hasOwn(given, name);
	const kept = Object.entries(fields).filter(([name]) => !isReplaced(name));
	return {
		input: {
			...typedInput(known, Object.fromEntries(kept), true),
			...typedInput(known, given, false),
		},
		warnings: [...warnings, ...(inputs ? unknownNames(inputs, given) : [])],
	};
}

/**
 * The values of the form. The mapper is read whole: n8n checks `inputFields.value` by itself, in
 * words that know nothing of limits, and makes 0 of an empty number.
 *
 * @returns the values, and what is wrong with a form that maps the item's fields by itself and finds none
 *          of them, where nothing else is given: the model would run without any input
 * @throws ParameterError for what is no form
 */
function readForm(
	from: ItemSource,
	inputs: ModelInput[] | undefined,
): { fields: Record<string, unknown>; unmapped?: ParameterError } {
	const mapper = inputFields.read(from);
	const values = isForm(mapper) ? (mapper?.value ?? {}) : mapper;
	if (!isForm(mapper) || typeof values !== 'object' || Array.isArray(values)) {
		throw new ParameterError(
			`Inputs must hold the form’s values, and is ${shown(values)}`,
			'To give all inputs by one expression, write it into Additional Inputs (JSON).',
		);
	}
	const isMapped = mapper?.mappingMode === 'autoMapInputData';
	const all = isMapped ? { ...mappedFields(from, inputs), ...values } : values;
	const entries = Object.entries(all as object).filter(([, value]) => value !== '');
	// What the form kept of a model that was chosen before is not this model's.
	const isOwn = (name: string) => !inputs || inputs.some((input) => input.name === name);
	const own = entries.filter(([name]) => isOwn(name));
	if (own.length > 0 || !isMapped || !inputs?.length) return { fields: Object.fromEntries(own) };
	const names = Object.keys(from.json ?? {}).slice(0, 20);
	const unmapped = new ParameterError(
		'Inputs takes the item’s fields by their names, and none of them is an input of the model',
		`The item’s fields: ${names.join(', ') || 'none'}. The model’s inputs: ${inputs.map(({ name }) => name).join(', ')}. Rename the fields with Edit Fields, or write the inputs into Additional Inputs (JSON).`,
	);
	return { fields: {}, unmapped };
}

/** The item's fields that have the names of inputs. The panel has no such mode, but AI builders write it. */
function mappedFields(
	{ json = {} }: ItemSource,
	inputs: ModelInput[] | undefined,
): Record<string, unknown> {
	if (inputs) {
		const mapped = inputs.filter(({ name }) => Object.hasOwn(json, name));
		return Object.fromEntries(mapped.map(({ name }) => [name, json[name]]));
	}
	throw new ParameterError(
		'Inputs takes the item’s fields by their names, and the model’s inputs are not known',
		'Write the inputs into Additional Inputs (JSON).',
	);
}

/**
 * n8n's mapper, or none. What an expression for the whole form gives is not a form: some
 * versions of n8n evaluate it, others take it as mere text.
 */
function isForm(mapper: unknown): mapper is Mapper | null {
	if (typeof mapper !== 'object' || mapper === null) return mapper === null;
	return Object.keys(mapper).length === 0 || 'value' in mapper || 'mappingMode' in mapper;
}
