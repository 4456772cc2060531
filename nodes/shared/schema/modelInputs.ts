import type { JsonValue } from '../api/json';
import type { OpenApiDocument, SchemaNode } from '../api/shapes';
import { isNode, SchemaReader, type FileKind, type InputComponent } from './openApi';

/**
 * What an input takes. `choice` is one of a list; `list` and `object` are JSON of that kind; `json`
 * is anything else that the schema says.
 */
export type InputKind =
	| 'text'
	| 'secret'
	| 'number'
	| 'integer'
	| 'boolean'
	| 'choice'
	| 'list'
	| 'object'
	| 'json'
	| FileKind;

/** What one value must be. */
export interface ValueRule {
	kind: InputKind;
	/** The values of a `choice`, as the API wants them. */
	choices?: Array<string | number | boolean>;
	minimum?: number;
	maximum?: number;
	/** Whether the limits themselves are refused. */
	aboveMinimum?: boolean;
	belowMaximum?: boolean;
	/** Characters. */
	minLength?: number;
	maxLength?: number;
	/** The rule for each element of a `list`. */
	items?: ValueRule;
	/** How many elements a `list`, or files a `fileList`, may have. */
	minItems?: number;
	maxItems?: number;
	/** The rules for the members of an `object`, and the names of those that it needs. */
	members?: Record<string, ValueRule>;
	needs?: string[];
	/** The types that a `json` value may have, in JSON schema's words; empty: any. */
	types?: string[];
}

/** Inputs beyond these are not looked at: no form could show them. The largest public model has 73. */
const MAX_INPUTS = 1_000;
/** How deep lists and objects in each other are checked; a schema can refer to itself. */
const MAX_DEPTH = 5;

/** One input of a model, read from its schema. */
export interface ModelInput extends ValueRule {
	name: string;
	title: string;
	description?: string;
	required: boolean;
	/** Whether the schema itself takes `null`. `nullable: true` alone does not: Replicate refuses it. */
	acceptsNull: boolean;
	default?: JsonValue;
	deprecated: boolean;
}

/**
 * The inputs of a model in the order of its form (`x-order`), or `undefined` when its schema names
 * none. Reads whatever it is given: a part that makes no sense is ignored.
 */
export function modelInputs(
	document?: OpenApiDocument | null,
	component: InputComponent = 'Input',
	reader = new SchemaReader(document),
): ModelInput[] | undefined {
	const properties = reader.inputProperties(component);
	if (!properties) return undefined;
	const listed = reader.input(component)?.required;
	const required = new Set(Array.isArray(listed) ? (listed as unknown[]) : []);
	return properties
		.slice(0, MAX_INPUTS)
		.map(([name, node]) => ({
			order: orderOf(node),
			input: readInput(reader, name, node, required),
		}))
		.sort((one, other) => one.order - other.order)
		.map(({ input }) => input);
}

function orderOf(node: SchemaNode): number {
	return finite(node['x-order']) ?? Number.MAX_SAFE_INTEGER;
}

function readInput(
	reader: SchemaReader,
	name: string,
	node: SchemaNode,
	required: ReadonlySet<unknown>,
): ModelInput {
	const flat = reader.resolved(node);
	const isGiven = flat.default !== undefined && flat.default !== null;
	return {
		...readRule(reader, node),
		name,
		title: titleOf(name, node),
		...(typeof flat.description === 'string' ? { description: flat.description.trim() } : {}),
		required: required.has(name),
		acceptsNull: typesOf(reader.alternatives(node)).includes('null'),
		...(isGiven ? { default: flat.default as JsonValue } : {}),
		deprecated: flat.deprecated === true,
	};
}

/** Old versions of Cog wrote no title, and the title of an enum's component is its class name. */
function titleOf(name: string, node: SchemaNode): string {
	if (typeof node.title === 'string' && node.title.trim() !== '') return node.title.trim();
	const words = name.split(/[_\s]+/).filter((word) => word !== '');
	return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join(' ') || name;
}

function readRule(reader: SchemaReader, node: SchemaNode, depth = 0): ValueRule {
	if (depth > MAX_DEPTH) return { kind: 'json', types: [] };
	const file = reader.fileKind(node);
	const all = reader.alternatives(node);
	if (file) return { kind: file, ...counts(all) };
	const members = all.filter(({ type }) => type !== 'null');
	const choices = choicesOf(reader, members);
	if (choices) return { kind: 'choice', choices };
	const types = typesOf(all).filter((type) => type !== 'null');
	const [type] = types.length === 1 ? types : [onlyNumbers(types) ? 'number' : undefined];
	const rules = reader.merged(node);
	switch (type) {
		case 'string':
			return { kind: isSecret(rules) ? 'secret' : 'text', ...lengths(rules) };
		case 'integer':
		case 'number':
			return { kind: type, ...limits(rules) };
		case 'boolean':
			return { kind: type };
		case 'object':
			return { kind: type, ...readMembers(reader, rules, depth) };
		case 'array':
			return {
				kind: 'list',
				...(isNode(rules.items) ? { items: readRule(reader, rules.items, depth + 1) } : {}),
				...counts(all),
			};
		default:
			return { kind: 'json', types };
	}
}

/** What an object must hold, where its schema says that. */
function readMembers(
	reader: SchemaReader,
	{ properties, required }: SchemaNode,
	depth: number,
): Partial<ValueRule> {
	if (!isNode(properties)) return {};
	const members: Array<[string, ValueRule]> = [];
	for (const [name, node] of Object.entries(properties)) {
		if (!reader.spend(1)) break;
		if (isNode(node)) members.push([name, readRule(reader, node, depth + 1)]);
	}
	const listed = new Set(Array.isArray(required) ? (required as unknown[]) : []);
	return {
		members: Object.fromEntries(members),
		needs: members.map(([name]) => name).filter((name) => listed.has(name)),
	};
}

/** How many elements a list may have, where exactly one alternative says it. */
function counts(members: SchemaNode[]): Pick<ValueRule, 'minItems' | 'maxItems'> {
	const lists = members.filter(({ type }) => type === 'array');
	const [only] = lists.length === 1 ? lists : [];
	const minItems = finite(only?.minItems);
	const maxItems = finite(only?.maxItems);
	return {
		...(minItems === undefined ? {} : { minItems }),
		...(maxItems === undefined ? {} : { maxItems }),
	};
}

/** All types that alternatives take together. */
function typesOf(members: SchemaNode[]): string[] {
	const types = new Set(members.map(({ type }) => type));
	return [...types].filter((type) => typeof type === 'string');
}

/** The choices of an `enum` or `const`, also when each alternative has its own. */
function choicesOf(reader: SchemaReader, members: SchemaNode[]): ValueRule['choices'] {
	const choices = new Set<unknown>();
	for (const { enum: list, const: only } of members) {
		const values = Array.isArray(list) ? (list as unknown[]) : only === undefined ? [] : [only];
		if (values.length === 0 || !reader.spend(values.length)) return undefined;
		for (const value of values) choices.add(value);
	}
	const given = [...choices].filter((value) => value !== null);
	return given.length > 0 && given.every(isPlain) ? given : undefined;
}

function isPlain(value: unknown): value is string | number | boolean {
	return ['string', 'number', 'boolean'].includes(typeof value);
}

function onlyNumbers(types: string[]): boolean {
	return types.length > 0 && types.every((type) => type === 'integer' || type === 'number');
}

function isSecret(node: SchemaNode): boolean {
	return node['x-cog-secret'] === true || node.format === 'password';
}

/** OpenAPI 3.0 writes an exclusive limit as a flag beside it, 3.1 as a limit of its own. */
function limits(node: SchemaNode): Partial<ValueRule> {
	const above = finite(node.exclusiveMinimum);
	const below = finite(node.exclusiveMaximum);
	const minimum = above ?? finite(node.minimum);
	const maximum = below ?? finite(node.maximum);
	return {
		...(minimum === undefined ? {} : { minimum }),
		...(maximum === undefined ? {} : { maximum }),
		...(above !== undefined || node.exclusiveMinimum === true ? { aboveMinimum: true } : {}),
		...(below !== undefined || node.exclusiveMaximum === true ? { belowMaximum: true } : {}),
	};
}

function lengths({ minLength, maxLength }: SchemaNode): Partial<ValueRule> {
	const min = finite(minLength);
	const max = finite(maxLength);
	return {
		...(min === undefined ? {} : { minLength: min }),
		...(max === undefined ? {} : { maxLength: max }),
	};
}

function finite(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Whether an input takes files. */
export function isFileInput<R extends Pick<ValueRule, 'kind'>>(
	rule: R,
): rule is R & { kind: FileKind } {
	return rule.kind === 'file' || rule.kind === 'fileList' || rule.kind === 'either';
}

/** Whether a number may be too large for JavaScript to hold exactly (above 2^53), as some seeds are. */
export function isWide(rule: ValueRule & { default?: JsonValue }): boolean {
	if (rule.kind !== 'integer') return false;
	return [rule.minimum, rule.maximum, rule.default].some(
		(value) => typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER,
	);
}

/** The allowed range in words ("1 to 50"), or `undefined` when there is none. */
export function rangeOf({
	minimum,
	maximum,
	aboveMinimum,
	belowMaximum,
}: ValueRule): string | undefined {
	if (minimum !== undefined && maximum !== undefined && !aboveMinimum && !belowMaximum) {
		return `${minimum} to ${maximum}`;
	}
	const parts = [
		minimum === undefined ? '' : `${aboveMinimum ? 'more than' : 'at least'} ${minimum}`,
		maximum === undefined ? '' : `${belowMaximum ? 'less than' : 'at most'} ${maximum}`,
	].filter((part) => part !== '');
	return parts.length > 0 ? parts.join(', ') : undefined;
}
