/** A tool as a model is told of it. */
export interface Tool {
	name: string;
	description: string;
	/** JSON schema of its arguments. */
	parameters: JsonSchema;
}

export type JsonSchema = Record<string, unknown>;

/** The value of a JSON text, or `undefined` for another text. */
export function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** All objects and lists that are written as JSON in a text, the outermost only. */
export function jsonIn(text: string): unknown[] {
	const found: unknown[] = [];
	for (let at = 0; at < text.length; at++) {
		const end = '[{'.includes(text[at]!) ? endOfJson(text, at) : undefined;
		if (end === undefined) continue;
		// What only looks like JSON may have some inside.
		const value = parsed(text.slice(at, end));
		if (value === undefined) continue;
		found.push(value);
		at = end - 1;
	}
	return found;
}

/** The end of what opens here, by its brackets. */
function endOfJson(text: string, begin: number): number | undefined {
	let depth = 0;
	let isInString = false;
	for (let at = begin; at < text.length; at++) {
		const char = text[at]!;
		if (isInString && char === '\\') at++;
		else if (char === '"') isInString = !isInString;
		else if (!isInString && '[{'.includes(char)) depth++;
		else if (!isInString && ']}'.includes(char) && --depth === 0) return at + 1;
	}
	return undefined;
}

/** The calls in a text of the form `{"tool_calls":[{"name":…,"arguments":…}]}`. */
export function callsIn(text: string): unknown[] {
	if (!text.includes('"tool_calls"')) return [];
	return jsonIn(text).flatMap((value) => {
		const calls = (value as { tool_calls?: unknown } | null)?.tool_calls;
		return Array.isArray(calls) ? (calls as unknown[]) : [];
	});
}

/** Tools in the forms of OpenAI's two APIs, and as they are written in prompts. */
export function toolsOf(values: unknown[]): Tool[] {
	return values.flat().flatMap((value) => {
		const node = (value ?? {}) as Record<string, unknown>;
		const { name, description = '', ...one } = (node.function ?? node) as Record<string, unknown>;
		const schema = one.parameters ?? one.input_schema ?? one.schema;
		if (typeof name !== 'string' || (!schema && description === '')) return [];
		const parameters = (schema ?? { type: 'object' }) as JsonSchema;
		return [{ name, description: String(description), parameters }];
	});
}

/**
 * The tools that a text offers to a model without an input for them: it names the form of calls, and
 * holds the tools as JSON.
 */
export function toolsInText(text: string): Tool[] {
	return text.includes('tool_calls') ? toolsOf(jsonIn(text)) : [];
}

/** The schema that a text asks an answer to fit: the last one in a fence, after the words "JSON schema". */
export function schemaInText(text: string): JsonSchema | undefined {
	if (!/json schema/i.test(text)) return undefined;
	const fences = [...text.matchAll(/```(?:json)?\s*\n([\s\S]*?)```/g)].map(([, inside]) => inside!);
	const schemas = fences.flatMap(jsonIn) as JsonSchema[];
	return schemas.findLast((one) =>
		['type', 'properties', 'anyOf', '$ref'].some((key) => key in one),
	);
}

/** A text without the instructions of LangChain's structured output parser, and without fences. */
export function withoutInstructions(text: string): string {
	return text
		.replace(/You must format your output as[\s\S]*?(?=```|$)/g, '')
		.replace(/```[\s\S]*?```/g, '')
		.trim();
}
