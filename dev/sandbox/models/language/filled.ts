import type { JsonSchema } from './jsonInText';
import { isMentioned, labelled } from './words';

/** Where the values come from. */
export interface Source {
	/** What the user wrote. */
	text: string;
	/** What the values are for, such as a tool's name and description. */
	about?: string;
	/** Whether of several flags only one may be set. */
	isExclusive?: boolean;
}

/** How deep a value is made up, for schemas that refer to themselves. */
const MAX_DEPTH = 6;

/** A value that fits a schema, filled from a text as well as a few rules can. */
export function filled(schema: JsonSchema, source: Source): unknown {
	return new Filler(schema, source).value(schema, '', 0);
}

class Filler {
	constructor(
		private readonly root: JsonSchema,
		private readonly source: Source,
	) {}

	value(given: JsonSchema, name: string, depth: number): unknown {
		const schema = this.resolved(given);
		const { text } = this.source;
		if ('const' in schema) return schema.const;
		if (Array.isArray(schema.enum)) return this.choice(schema.enum);
		switch (typeOf(schema)) {
			case 'object':
				return this.object(schema, depth);
			case 'array':
				return this.list(schema, name, depth);
			case 'integer':
			case 'number':
				return bounded(schema, numberIn(text, name) ?? 0);
			case 'boolean':
				return isMentioned(`${name} ${String(schema.description ?? '')}`, text);
			case 'null':
				return null;
			default:
				return this.text(schema, name);
		}
	}

	/** Without references and unions: the first member that is not null. */
	private resolved(schema: JsonSchema): JsonSchema {
		if (typeof schema.$ref === 'string') {
			const path = schema.$ref.split('/').slice(1);
			const target = path.reduce<unknown>(
				(node, key) => (node as JsonSchema | undefined)?.[key],
				this.root,
			);
			return this.resolved((target ?? {}) as JsonSchema);
		}
		if (Array.isArray(schema.allOf)) {
			const { allOf, ...rest } = schema;
			const parts = (allOf as JsonSchema[]).map((one) => this.resolved(one));
			return Object.assign({}, ...parts, rest) as JsonSchema;
		}
		const union = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
		return union ? this.resolved(union.find(({ type }) => type !== 'null') ?? union[0]!) : schema;
	}

	/** All that is required, and what else the text names. */
	private object(schema: JsonSchema, depth: number): object {
		const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
		const required = (schema.required ?? []) as string[];
		const named = properties.filter(
			([name, one]) =>
				required.includes(name) || (depth < MAX_DEPTH && this.isInText(name, this.resolved(one))),
		);
		const chosen = named.length > 0 || depth > 0 ? named : properties.slice(0, 1);
		const entries = chosen.map(([name, one]) => [name, this.value(one, name, depth + 1)] as const);
		return Object.fromEntries(this.source.isExclusive ? oneFlag(entries) : entries);
	}

	private isInText(name: string, schema: JsonSchema): boolean {
		const { text } = this.source;
		if (Array.isArray(schema.enum)) return schema.enum.some((one) => holds(text, one));
		return labelled(text, name) !== undefined;
	}

	private list(schema: JsonSchema, name: string, depth: number): unknown[] {
		const { text, about, isExclusive } = this.source;
		const items = this.resolved((schema.items ?? {}) as JsonSchema);
		const { minItems: min = 1, maxItems: max = Infinity } = schema as Record<string, number>;
		const chosen = Array.isArray(items.enum) ? items.enum.filter((one) => holds(text, one)) : [];
		const parts = (labelled(text, name) ?? text).split(/\s*,\s*/);
		const made =
			chosen.length > 0
				? chosen
				: parts.map((part) =>
						new Filler(this.root, { text: part, about, isExclusive }).value(items, name, depth + 1),
					);
		while (made.length < min) made.push(made[0]);
		return made.slice(0, max);
	}

	/** The first value that the text holds, or else the first. */
	private choice(values: unknown[]): unknown {
		return values.find((one) => holds(this.source.text, one)) ?? values[0];
	}

	private text(schema: JsonSchema, name: string): string {
		const { text, about = '' } = this.source;
		const form = FORMATS[String(schema.format)];
		if (form) return form.pattern.exec(text)?.[0] ?? form.otherwise;
		const sum = /calculat|arithmetic|expression/i.test(`${about} ${name}`)
			? /[\d(][\d\s+\-*/().^%]*[\d)]/.exec(text)?.[0]
			: undefined;
		const { minLength: min = 0, maxLength: max = Infinity } = schema as Record<string, number>;
		const whole = sum ?? labelled(text, name) ?? (text.trim() || name);
		return whole.padEnd(min, '.').slice(0, max);
	}
}

const FORMATS: Record<string, { pattern: RegExp; otherwise: string }> = {
	email: { pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/, otherwise: 'nobody@example.com' },
	uri: { pattern: /https?:\/\/[^\s"<>]+/, otherwise: 'https://example.com' },
	url: { pattern: /https?:\/\/[^\s"<>]+/, otherwise: 'https://example.com' },
	date: { pattern: /\d{4}-\d\d-\d\d/, otherwise: '2026-01-01' },
	'date-time': {
		pattern: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/,
		otherwise: '2026-01-01T00:00:00Z',
	},
};

function typeOf({ type, properties, items }: JsonSchema): unknown {
	const first = Array.isArray(type) ? (type as unknown[]).find((one) => one !== 'null') : type;
	return first ?? (properties ? 'object' : items ? 'array' : 'string');
}

function holds(text: string, value: unknown): boolean {
	return text.toLowerCase().includes(String(value).toLowerCase());
}

/** The number beside a name, or else the first one. */
function numberIn(text: string, name: string): number | undefined {
	const found = /-?\d+(?:\.\d+)?/;
	const match = found.exec(labelled(text, name) ?? '') ?? found.exec(text);
	return match ? Number(match[0]) : undefined;
}

function bounded(schema: JsonSchema, value: number): number {
	const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = schema as Bounds;
	const step = schema.type === 'integer' ? 1 : 0.01;
	const min = Math.max(minimum ?? -Infinity, above === undefined ? -Infinity : above + step);
	const max = Math.min(maximum ?? Infinity, below === undefined ? Infinity : below - step);
	return Math.min(Math.max(schema.type === 'integer' ? Math.round(value) : value, min), max);
}

type Bounds = Partial<
	Record<'minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum', number>
>;

/** Of flags, the first that is set; where none is, the one for everything else, or the first. */
function oneFlag(entries: Array<readonly [string, unknown]>): Array<readonly [string, unknown]> {
	if (!entries.every(([, value]) => typeof value === 'boolean')) return entries;
	const isElse = ([name]: readonly [string, unknown]) => name === 'fallback';
	const set = entries.find((entry) => entry[1] && !isElse(entry)) ?? entries.find(isElse);
	const chosen = set ?? entries[0];
	return entries.map(([name]) => [name, name === chosen?.[0]] as const);
}
