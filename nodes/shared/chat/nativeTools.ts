import type { JsonObject, JsonValue } from '../api/json';
import { isObject, readCall } from './readCall';
import {
	type CallIds,
	type ChatTool,
	type InvalidCall,
	isInvalid,
	MAX_CALLS,
	type ToolCall,
	TOO_MANY_CALLS,
} from './tools';

/** The calls of an output: those to make, and those that must not be made, each with its reason. */
interface NativeCalls {
	calls: ToolCall[];
	invalid: InvalidCall[];
}

/**
 * Tools as a model's own input `tools` takes them: OpenAI's functions, flat as in its Responses API.
 * Replicate's `openai/gpt-5-structured` wraps that API; its schema says only "list of objects", and
 * no recording of real tool calls there was available.
 */
export function nativeTools(tools: ChatTool[]): JsonObject[] {
	return tools.map(({ name, description, parameters }) => ({
		type: 'function',
		name,
		...(description === undefined ? {} : { description }),
		parameters,
	}));
}

/**
 * Reads the calls of a model that took `tools`: from `tool_calls`, else the items of the type
 * `function_call` in `output`, else those of the output itself. The first of them that has calls
 * counts, so that a call which is in two places is made once. An output without calls gives none.
 */
export function readNativeCalls(output: JsonValue, tools: ChatTool[], newId: CallIds): NativeCalls {
	const ids = new Set<string>();
	const entries = callEntries(output);
	if (entries.length > MAX_CALLS) {
		return { calls: [], invalid: [{ id: newId(0), reason: TOO_MANY_CALLS }] };
	}
	const read = entries.map((entry, place) => {
		const own = idOf(entry);
		// With one id for two calls, their results could be mixed up.
		const id = own !== undefined && !ids.has(own) ? own : newId(place);
		ids.add(id);
		return readCall(entry, tools, id);
	});
	return {
		calls: read.filter((call) => !isInvalid(call)) as ToolCall[],
		invalid: read.filter(isInvalid),
	};
}

function callEntries(output: JsonValue): JsonValue[] {
	if (Array.isArray(output)) return output.filter(isCallItem);
	if (!isObject(output)) return [];
	const { tool_calls: calls, output: items } = output;
	// What is no list is one entry, which is reported as invalid unless it is a call.
	const listed = calls === undefined || calls === null ? [] : [calls].flat();
	if (listed.length > 0) return listed;
	return Array.isArray(items) ? items.filter(isCallItem) : [];
}

/** Whether an item of a list of all kinds is a call. */
function isCallItem(item: JsonValue): boolean {
	return isObject(item) && (item.type === 'function_call' || isObject(item.function));
}

/** The id that joins a call with its result: in the Responses API, `id` is only the item's own. */
function idOf(entry: JsonValue): string | undefined {
	if (!isObject(entry)) return undefined;
	return [entry.call_id, entry.id].find((id): id is string => typeof id === 'string' && id !== '');
}
