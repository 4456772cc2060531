import { isNested, shown, textOf, type JsonObject, type JsonValue } from '../api/json';
import { oneLine } from '../api/oneLine';
import { schemaFault } from './schemaFault';
import { unsafePart } from './strictJson';
import type { ChatTool, InvalidCall, ToolCall } from './tools';

/** How many tools a reason lists. */
const LISTED = 20;
/** How many characters of invalid arguments are kept. */
const MAX_SHOWN = 1_000;

/**
 * Reads one entry of a model's list of calls: `{name, arguments}`, or OpenAI's `{function: {name,
 * arguments}}`, with arguments that are an object or its JSON. Names are compared as they are, and
 * values stay as they are: nothing is corrected, and nothing that is missing is filled in.
 */
export function readCall(entry: JsonValue, tools: ChatTool[], id: string): ToolCall | InvalidCall {
	const call = isObject(entry) && isObject(entry.function) ? entry.function : entry;
	if (!isObject(call))
		return { id, reason: 'a call must be an object with "name" and "arguments"' };
	const { name } = call;
	if (typeof name !== 'string') return { id, reason: 'a call has no "name"' };
	const read = argumentsOf(call);
	const tool = tools.find((one) => one.name === name);
	const fault = tool ? faultOf(tool, read) : unknownTool(name, tools);
	if (fault === undefined) return { id, name, arguments: read as JsonObject };
	const given = Object.hasOwn(call, 'arguments')
		? { arguments: textOf(call.arguments).slice(0, MAX_SHOWN) }
		: {};
	return { id, name: oneLine(name, 100), ...given, reason: fault };
}

/** What is wrong with the arguments of a call, or `undefined`. */
function faultOf({ name, parameters }: ChatTool, read: JsonObject | string): string | undefined {
	const fault =
		typeof read === 'string' ? read : (unsafePart(read) ?? schemaFault(parameters, read));
	return fault && `${oneLine(name, 100)}: ${fault}`;
}

/** The arguments of a call, or what is wrong with them. */
function argumentsOf(call: JsonObject): JsonObject | string {
	if (!Object.hasOwn(call, 'arguments')) return '"arguments" is missing (without any, write {})';
	const given = call.arguments!;
	if (isObject(given)) return given;
	if (typeof given !== 'string') return `"arguments" must be an object, and is ${shown(given)}`;
	try {
		const parsed = JSON.parse(given) as JsonValue;
		if (!isObject(parsed)) return `"arguments" must be an object, and is the text ${shown(given)}`;
		return unsafePart(parsed, given) ?? parsed;
	} catch {
		return `"arguments" must be an object, and is a text that is not valid JSON: ${shown(given)}`;
	}
}

function unknownTool(name: string, tools: ChatTool[]): string {
	const names = tools.slice(0, LISTED).map((tool) => oneLine(tool.name, 100));
	const more = tools.length > LISTED ? ` and ${tools.length - LISTED} more` : '';
	return `there is no tool ${shown(oneLine(name, 100))}; the tools are ${names.join(', ')}${more}`;
}

/** A JSON object: neither a list nor `null`. */
export function isObject(value: unknown): value is JsonObject {
	return isNested(value) && !Array.isArray(value);
}
