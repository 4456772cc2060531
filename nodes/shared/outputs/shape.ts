import type { JsonValue } from '../api/json';
import type { OpenApiDocument, SchemaNode } from '../api/shapes';
import { isDataUri } from '../files/dataUri';
import { isNode, SchemaReader } from '../schema/openApi';

/** A file that an output names. */
export interface OutputFile {
	/** The nearest object key above it, which names its binary field. */
	key?: string;
	/** An https URL or a data URI, exactly as in the output. */
	url: string;
}

/** What an output holds, besides its JSON. */
interface OutputShape {
	/** In the order of the output. */
	files: OutputFile[];
	/** Texts that the schema calls addresses of files, and which they are not, such as a path on the model's machine. */
	notAddresses?: OutputFile[];
	/** Whether the output names more files than that, which were not looked for. */
	hasMore?: boolean;
	/** The output as text, when it is text: a string, or a list of tokens joined. */
	text?: string;
}

/** The most files that are taken of one prediction: an output can name any number. */
export const MAX_FILES = 1_000;
/** How many texts that begin like an address are looked at; not all of them are one. */
const MAX_ADDRESSES = 10 * MAX_FILES;

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
	const parts = new OutputParts(new SchemaReader(document));
	const whole = parts.whole();
	const files: OutputFile[] = [];
	const notAddresses: OutputFile[] = [];
	let addresses = 0;
	collect(output, whole, undefined, 0);
	const text = files.length === 0 ? outputText(output, whole) : undefined;
	return {
		files: files.slice(0, MAX_FILES),
		...(notAddresses.length > 0 ? { notAddresses: notAddresses.slice(0, MAX_FILES) } : {}),
		...(isTooMuch() ? { hasMore: true } : {}),
		...(text === undefined ? {} : { text }),
	};

	function isTooMuch(): boolean {
		return files.length + notAddresses.length > MAX_FILES || addresses > MAX_ADDRESSES;
	}

	function collect(
		value: JsonValue | undefined,
		part: OutputPart | undefined,
		key: string | undefined,
		depth: number,
	): void {
		if (depth > MAX_DEPTH || isTooMuch()) return;
		if (typeof value === 'string') {
			const isOther = !BEGINNING.test(value);
			if (part?.isText || (isOther && !part?.isOnlyFile)) return;
			addresses += 1;
			if (!isOther && isFileAddress(value, part?.isFile ?? false)) files.push({ key, url: value });
			else if (part?.isOnlyFile && value.trim() !== '') notAddresses.push({ key, url: value });
		} else if (Array.isArray(value)) {
			const element = parts.of(part?.items);
			for (const one of value) collect(one, element, key, depth + 1);
		} else if (value !== null && typeof value === 'object') {
			for (const [name, member] of Object.entries(value)) {
				collect(member, parts.of(part?.properties.get(name)), name, depth + 1);
			}
		}
	}
}

/** What a schema says of a part of an output, whatever alternatives it has. */
interface OutputPart {
	/** Strings are allowed, and none of them is a URI. */
	isText: boolean;
	/** Strings are URIs. */
	isFile: boolean;
	/** Strings are URIs, and it can be nothing but such a string. */
	isOnlyFile: boolean;
	isTokens: boolean;
	items?: SchemaNode;
	properties: ReadonlyMap<string, SchemaNode>;
}

/** The parts of an output by their schemas: each is looked at once, however many values it has. */
class OutputParts {
	private readonly known = new Map<SchemaNode, OutputPart>();

	constructor(private readonly reader: SchemaReader) {}

	whole(): OutputPart | undefined {
		return this.of(this.reader.output());
	}

	of(node: SchemaNode | undefined): OutputPart | undefined {
		if (!node) return undefined;
		const known = this.known.get(node);
		if (known) return known;
		const part = this.read(node);
		this.known.set(node, part);
		return part;
	}

	private read(node: SchemaNode): OutputPart {
		const { reader } = this;
		const members = reader.alternatives(node);
		const strings = members.filter(({ type }) => type === 'string');
		const properties = new Map<string, SchemaNode>();
		for (const { properties: named } of members) {
			if (!isNode(named) || !reader.spend(Object.keys(named).length)) continue;
			for (const [name, inner] of Object.entries(named)) {
				if (isNode(inner) && !properties.has(name)) properties.set(name, inner);
			}
		}
		return {
			isText: strings.length > 0 && strings.every(({ format }) => format !== 'uri'),
			isFile: members.some(({ format }) => format === 'uri'),
			isOnlyFile: members.every(({ type, format }) => format === 'uri' || type === 'null'),
			isTokens: reader.resolved(node)['x-cog-array-display'] === 'concatenate',
			items: members.map(({ items }) => items).find(isNode),
			properties,
		};
	}
}

function outputText(
	output: JsonValue | undefined,
	whole: OutputPart | undefined,
): string | undefined {
	if (typeof output === 'string') return output;
	if (!Array.isArray(output) || output.length === 0) return undefined;
	if (!output.every((element) => typeof element === 'string')) return undefined;
	// Only "concatenate" lists are tokens; a list of captions or labels is data. Without a schema,
	// tokens are far likelier (223 of the 244 public models that return lists of strings).
	return !whole || whole.isTokens ? output.join('') : undefined;
}

/** What every address of a file begins with. */
const BEGINNING = /^(?:https?|data):/i;

/** @param isFile whether a schema calls it a file, so that blanks belong to its address */
function isFileAddress(text: string, isFile: boolean): boolean {
	const isWebAddress = isFile ? /^https?:\/\/[^\r\n]+$/i : /^https?:\/\/\S+$/i;
	return (isWebAddress.test(text) && URL.canParse(text)) || isDataUri(text);
}
