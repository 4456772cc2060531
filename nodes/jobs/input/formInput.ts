import type { ParameterSource } from '../../fields/field';
import { inputFields } from '../../fields/input';
import { ParameterError } from '../../fields/parameterError';
import { shown, type JsonObject } from '../../shared/api/json';
import type { ModelInput } from '../../shared/schema/modelInputs';

/** What gives a node's parameters, and the JSON of the item that they are read for. */
export interface ItemSource extends ParameterSource {
	json?: JsonObject;
}

/** n8n's resource mapper, as far as it is read. */
interface Mapper {
	mappingMode?: unknown;
	value?: unknown;
}

/**
 * The values of the form. The mapper is read whole: n8n checks `inputFields.value` by itself, in
 * words that know nothing of limits, and makes 0 of an empty number.
 *
 * @throws ParameterError for what is no form
 */
export function readFields(
	from: ItemSource,
	inputs: ModelInput[] | undefined,
): Record<string, unknown> {
	const mapper = inputFields.read(from);
	const values = isForm(mapper) ? (mapper?.value ?? {}) : mapper;
	if (!isForm(mapper) || typeof values !== 'object' || Array.isArray(values)) {
		throw new ParameterError(
			`Inputs must hold the form’s values, and is ${shown(values)}`,
			'To give all inputs by one expression, write it into Additional Inputs (JSON).',
		);
	}
	const all = isMapped(mapper) ? { ...mappedFields(from, inputs), ...values } : values;
	const entries = Object.entries(all as object).filter(([, value]) => value !== '');
	// What the form kept of a model that was chosen before is not this model's.
	const isOwn = (name: string) => !inputs || inputs.some((input) => input.name === name);
	return Object.fromEntries(entries.filter(([name]) => isOwn(name)));
}

/**
 * Refuses a form that maps the item's fields by itself and finds none of them: the model would run
 * without any input.
 *
 * @throws ParameterError that names the item's fields and the model's inputs
 */
export function assertMapped(
	from: ItemSource,
	fields: Record<string, unknown>,
	inputs: ModelInput[] | undefined,
): void {
	if (!isMapped(inputFields.read(from)) || Object.keys(fields).length > 0) return;
	if (inputs?.length === 0) return;
	const names = Object.keys(from.json ?? {}).slice(0, 20);
	throw new ParameterError(
		'Inputs takes the item’s fields by their names, and none of them is an input of the model',
		`The item’s fields: ${names.join(', ') || 'none'}. The model’s inputs: ${inputs!.map(({ name }) => name).join(', ')}. Rename the fields with Edit Fields, or write the inputs into Additional Inputs (JSON).`,
	);
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

function isMapped(mapper: unknown): boolean {
	return (mapper as Mapper | null)?.mappingMode === 'autoMapInputData';
}

/**
 * n8n's mapper, or none. What an expression for the whole form gives is not a form: some
 * versions of n8n evaluate it, others take it as mere text.
 */
function isForm(mapper: unknown): mapper is Mapper | null {
	if (typeof mapper !== 'object' || mapper === null) return mapper === null;
	return Object.keys(mapper).length === 0 || 'value' in mapper || 'mappingMode' in mapper;
}
