import type { JsonValue } from '../api/json';
import type { OpenApiDocument, SchemaNode } from '../api/shapes';
import { isDataUri } from '../files/dataUri';
import { alternatives, isNode, outputSchema, resolved } from '../schema/openApi';

/** A file that an output names. */
export interface OutputFile {
	/** The nearest object key above it, which names its binary field. */
	key?: string;
	/** An https URL or a data URI, exactly as in the output. */
	url: string;
}

/** What an output holds, besides its JSON. */
export interface OutputShape {
	/** In the order of the output. */
	files: OutputFile[];
	/** The output as text, when it is text: a string, or a list of tokens joined. */
	text?: string;
}

/** Deepest nesting that is searched for files: a model can return anything. */
const MAX_DEPTH = 32;

/**
 * Finds the files and the text in an output. What the model's output schema calls text is text, even
 * if it looks like a URL; where the schema says nothing or does not match, the value decides.
 */
export function readOutput(
	output: JsonValue | undefined,
	document?: OpenApiDocument | null,
): OutputShape {
	const schema = outputSchema(document);
	const files: OutputFile[] = [];
	collect(output, schema, undefined, 0);
	const text = files.length === 0 ? textOf(output, schema, document) : undefined;
	return text === undefined ? { files } : { files, text };

	function collect(
		value: JsonValue | undefined,
		node: SchemaNode | undefined,
		key: string | undefined,
		depth: number,
	): void {
		if (depth > MAX_DEPTH) return;
		if (typeof value === 'string') {
			if (isFileAddress(value) && !isText(node)) files.push({ key, url: value });
		} else if (Array.isArray(value)) {
			for (const element of value) collect(element, part(node, 'items'), key, depth + 1);
		} else if (value !== null && typeof value === 'object') {
			for (const [name, member] of Object.entries(value)) {
				collect(member, part(node, 'properties', name), name, depth + 1);
			}
		}
	}

	/** The schema of a list's elements or an object's member, where there is one. */
	function part(
		node: SchemaNode | undefined,
		where: 'items' | 'properties',
		name?: string,
	): SchemaNode | undefined {
		if (!node) return undefined;
		for (const candidate of alternatives(document, node)) {
			const inner = candidate[where];
			const found = name === undefined ? inner : isNode(inner) ? inner[name] : undefined;
			if (isNode(found)) return found;
		}
		return undefined;
	}

	/** Whether a schema allows strings here, and none of them is a URI. */
	function isText(node: SchemaNode | undefined): boolean {
		if (!node) return false;
		const strings = alternatives(document, node).filter(({ type }) => type === 'string');
		return strings.length > 0 && strings.every(({ format }) => format !== 'uri');
	}
}

function textOf(
	output: JsonValue | undefined,
	schema: SchemaNode | undefined,
	document: OpenApiDocument | null | undefined,
): string | undefined {
	if (typeof output === 'string') return output;
	if (!Array.isArray(output) || output.length === 0) return undefined;
	if (!output.every((element) => typeof element === 'string')) return undefined;
	// Only "concatenate" lists are tokens; a list of captions or labels is data. Without a schema,
	// tokens are far likelier (223 of the 244 public models that return lists of strings).
	const isTokens = !schema || resolved(document, schema)['x-cog-array-display'] === 'concatenate';
	return isTokens ? output.join('') : undefined;
}

function isFileAddress(text: string): boolean {
	return (/^https?:\/\/\S+$/i.test(text) && URL.canParse(text)) || isDataUri(text);
}
