import { isHtml, wordsOfHtml } from './htmlWords';
import { isNested, withoutDepths, type JsonObject, type JsonValue } from './json';
import { oneLine } from './oneLine';

/** The most texts of one response that are repeated. */
const MAX_TEXTS = 5;
/** How deep a text may be inside a response. */
const MAX_DEPTH = 5;

/** What a server said in the body of an error. */
interface Said {
	/** Its words, on one line; `undefined` where it has none. */
	words?: string;
	/** Whether the words name what is wrong with a value. */
	namesValue: boolean;
	/** Whether Replicate's API itself said it, as far as the body shows; else a gateway or a proxy did. */
	isReplicates: boolean;
	/** The body, where it is a JSON object. */
	body?: JsonObject;
}

/**
 * Reads what a server said, whatever shape its error has: Replicate's problem JSON, the validation errors
 * of Cog and FastAPI, those of gateways and vendors, a page, or plain text.
 *
 * @param text the body, or its beginning
 */
export function readSaid(text: string): Said {
	const trimmed = text.trim();
	if (trimmed === '') return { namesValue: false, isReplicates: true };
	const json = parsed(trimmed);
	if (json === undefined) {
		const words = isHtml(trimmed) ? wordsOfHtml(trimmed) : trimmed;
		return { words: lineOf(words), namesValue: false, isReplicates: false };
	}
	const body = isObject(json) ? json : undefined;
	const fields = body ? fieldsOf(body) : [];
	const texts = fields.length > 0 ? fields : textsOf(json, 0);
	return {
		words: lineOf([...new Set(texts)].slice(0, MAX_TEXTS).join('; ')),
		namesValue: fields.length > 0,
		isReplicates: body === undefined ? false : isProblem(body),
		body,
	};
}

/** Replicate's errors have a text as `detail`, `title` or `error`; those of known gateways do not. */
function isProblem(body: JsonObject): boolean {
	const { detail, title, error, invalid_fields: fields } = body;
	if ('success' in body || isNested(body.errors) || isNested(error)) return false;
	const isSaid = [detail, title, error].some((one) => typeof one === 'string');
	return isSaid || Array.isArray(fields) || Object.keys(body).length === 0;
}

/** The fields that a validation refused: Replicate's `invalid_fields`, or a `detail` with `loc` and `msg`. */
function fieldsOf({ invalid_fields: invalid, detail, errors }: JsonObject): string[] {
	const lists = [invalid, detail, errors].filter((one) => Array.isArray(one));
	const all = lists.map((list) => list.map(wordsOfField).filter((line) => line !== ''));
	return all.find((lines) => lines.length > 0) ?? [];
}

/** One failed field: as gojsonschema words it for Replicate, or as pydantic does. */
function wordsOfField(value: JsonValue): string {
	if (!isObject(value)) return '';
	const { field, description, loc, msg } = value;
	const name = typeof field === 'string' ? field.replace(/^input\.?/, '') : placeOf(loc);
	const words = [description, msg].find((one) => typeof one === 'string') ?? '';
	return [name, words].filter(Boolean).join(': ');
}

/** Where pydantic found the fault, without the parts of the request around the input. */
function placeOf(loc: JsonValue | undefined): string {
	if (!Array.isArray(loc)) return '';
	const parts = loc.filter((part) => typeof part === 'string' || typeof part === 'number');
	while (['body', 'input'].includes(String(parts[0]))) parts.shift();
	return parts.join('.');
}

/** Keys under which errors have their text, the most telling first. */
const TEXT_KEYS = ['detail', 'message', 'msg', 'error', 'errors', 'description', 'reason', 'title'];
/** Keys that say which error it is, for those who ask for help. */
const CODE_KEYS = ['code', 'internal_code'];

/** The texts of an error of any shape. */
function textsOf(value: JsonValue, depth: number): string[] {
	if (typeof value === 'string') {
		const text = isHtml(value) ? wordsOfHtml(value) : value.trim();
		return text === '' ? [] : [text];
	}
	if (depth > MAX_DEPTH || !isNested(value)) return [];
	if (Array.isArray(value)) {
		return value.slice(0, MAX_TEXTS).flatMap((one: JsonValue) => textsOf(one, depth + 1));
	}
	for (const key of TEXT_KEYS) {
		const texts = Object.hasOwn(value, key) ? textsOf(value[key]!, depth + 1) : [];
		if (texts.length > 0) return withCode(texts, value);
	}
	return [];
}

function withCode([first, ...more]: string[], value: JsonObject): string[] {
	const code = CODE_KEYS.map((key) => value[key]).find(
		(one) => typeof one === 'number' || (typeof one === 'string' && /^[\w.-]{1,40}$/.test(one)),
	);
	if (code === undefined || first!.includes(String(code))) return [first!, ...more];
	return [`${first!} (${String(code)})`, ...more];
}

function lineOf(text: string): string | undefined {
	const line = oneLine(text);
	return line === '' ? undefined : line;
}

function parsed(text: string): JsonValue | undefined {
	try {
		return withoutDepths(JSON.parse(text) as JsonValue);
	} catch {
		return undefined;
	}
}

function isObject(value: JsonValue): value is JsonObject {
	return isNested(value) && !Array.isArray(value);
}
