import { InputError } from '../api/errors';
import { withoutBlanks, withoutFence } from '../api/blanks';
import { isNested, parseJson, type InputObject } from '../api/json';
import type { ModelInput } from './modelInputs';
import { inner, isWrapper } from './wrapped';

/** Inputs that were written as JSON. */
interface GivenJson {
	given: InputObject;
	/** What of it is not used. */
	warnings: string[];
}

/** What a request to Replicate has beside its `input` (OpenAPI document, predictions and trainings). */
const OF_REQUEST = new Set([
	'version',
	'model',
	'deployment',
	'destination',
	'stream',
	'webhook',
	'webhook_completed',
	'webhook_events_filter',
]);

/**
 * Reads inputs that were written as JSON. A whole request, as API pages show it, gives its `input`,
 * unless the model has an input of that name.
 *
 * @param label  the field's place in the panel, for the error
 * @param inputs the model's inputs, where its schema is known
 * @throws InputError for what is no JSON object, and for inputs beside an `input` that has some too
 */
export function readJsonInput(
	value: unknown,
	label: string,
	inputs: ModelInput[] | undefined,
): GivenJson {
	const written = jsonObject(value, label);
	const isInput = (name: string) => inputs?.some((input) => input.name === name) ?? false;
	const wrapped = inputs && isWrapper(written) ? inner(written)?.value : undefined;
	const isWrapped = isObject(wrapped) && !Object.keys(written).some(isInput);
	const given = isWrapped ? withoutUndefined(wrapped as InputObject) : written;
	if (!Object.hasOwn(given, 'input') || isInput('input')) return { given, warnings: [] };
	const beside = Object.keys(given).filter((name) => name !== 'input');
	const request = objectOrText(given.input);
	const isRequest = beside.every((name) => OF_REQUEST.has(name) && !isInput(name));
	if (request && isRequest) return { given: request, warnings: ignoredWords(label, beside) };
	if (!inputs || (!request && beside.some(isInput))) return { given, warnings: [] };
	throw new InputError(
		request
			? `${label} has inputs inside "input", and others beside it`
			: `${label} has "input", which is not an input of the model`,
		{ code: 'inputInsideInput', inputs: inputs.map(({ name }) => name) },
	);
}

function ignoredWords(label: string, names: string[]): string[] {
	if (names.length === 0) return [];
	const listed = names.map((name) => `"${name}"`).join(', ');
	return [
		`${label} holds a whole request: its "input" was sent, and ${listed} not. The node’s own fields set the model, its version and the webhook.`,
	];
}

/**
 * A JSON object, or the text of one. What an expression leaves undefined is not there, so that it takes
 * nothing of the form away; `null` does.
 *
 * @throws InputError for anything else
 */
function jsonObject(value: unknown, label: string): InputObject {
	if (value === undefined || (typeof value === 'string' && value.trim() === '')) return {};
	const object = objectOrText(value);
	if (object) return withoutUndefined(object);
	throw new InputError(`${label} is not a JSON object`, { code: 'inputNotJson' });
}

/** An object, also as JSON text, as the only element of a list, or both, as expressions give it. */
function objectOrText(value: unknown, depth = 3): InputObject | undefined {
	if (isObject(value)) return value as InputObject;
	if (depth === 0) return undefined;
	if (Array.isArray(value))
		return value.length === 1 ? objectOrText(value[0], depth - 1) : undefined;
	if (typeof value !== 'string') return undefined;
	try {
		return objectOrText(parseJson(withoutBlanks(withoutFence(value))), depth - 1);
	} catch {
		return undefined;
	}
}

function isObject(value: unknown): value is Record<string, unknown> {
	return isNested(value) && !Array.isArray(value);
}

function withoutUndefined(object: InputObject): InputObject {
	const entries = Object.entries(object);
	return Object.fromEntries(entries.filter(([, one]) => (one as unknown) !== undefined));
}
