import type { Schema } from '@cfworker/json-schema';
import { isNested, type JsonObject, type JsonValue } from '../api/json';
import { PatternMatcher } from './patternMatcher';

/** How many nodes a tool's schema may have. */
const MAX_NODES = 50_000;
/** How often a validation may look at a node: references can double it at each level. */
const MAX_STEPS = 50_000;
/** How many keys, choices or required names are looked at in the time of one step, or characters of them. */
const ENTRIES_PER_STEP = 5;
const CHARACTERS_PER_STEP = 500;
/** An object with so many keys or more costs more than a step whenever it is looked at. */
const WIDE = 100;
/** How many properties the patterns of a schema may come to. */
const MAX_PROPERTIES = 2_000;

/** Keywords whose members are schemas by name. */
const MAPS = new Set([
	'properties',
	'patternProperties',
	'dependentSchemas',
	'dependencies',
	'$defs',
	'definitions',
]);
/** Keywords that hold data, as the validator sees them. */
const DATA = new Set(['const', 'default', 'enum', 'examples', 'required', 'dependentRequired']);

/**
 * A tool's schema as it is safe to validate one call with. It may come from a remote server, so a
 * validation ends after a number of steps, and no regular expression of it is run by JavaScript's own
 * engine, which can take forever: what patterns say of the call's own texts and keys is written in their
 * place. A pattern that the linear engine does not know is not checked; the tool itself may.
 *
 * @throws Error that says what is wrong with the schema
 */
export function boundedSchema(schema: JsonObject, given: JsonObject): Bounded {
	const copy = new BoundedCopy(given);
	return { schema: copy.schema(schema) as Schema, given: copy.counting(given) };
}

/** What is safe to validate, both together: what a look at either costs is counted. */
interface Bounded {
	schema: Schema;
	given: JsonObject;
}

/** Marks the list of texts that match a pattern, so that an error can name the pattern. */
interface PatternMark {
	pattern: string;
}

class BoundedCopy {
	private nodes = 0;
	private steps = 0;
	private properties = 0;
	private readonly matcher: PatternMatcher;
	private readonly keys: string[];

	constructor(given: JsonObject) {
		const { keys, texts } = namesAndTexts(given);
		this.keys = [...keys];
		this.matcher = new PatternMatcher([...new Set([...texts, ...keys])]);
	}

	schema(value: JsonValue): unknown {
		if (!isNested(value)) return value;
		this.count();
		if (Array.isArray(value)) return value.map((one: JsonValue) => this.schema(one));
		const { pattern, patternProperties, ...rest } = value as JsonObject;
		const members = Object.entries(rest).flatMap(([key, member]) => this.member(key, member));
		const copy = Object.fromEntries(members) as JsonObject;
		if (typeof pattern === 'string') this.addPattern(copy, pattern);
		if (isNested(patternProperties)) this.addProperties(copy, patternProperties as JsonObject);
		return this.counted(copy);
	}

	private member(key: string, member: JsonValue): Array<[string, unknown]> {
		// The validator's `url`, which JSON Schema does not define, takes exponential time on some texts.
		if (key === 'format' && member === 'url') return [];
		if (DATA.has(key)) return [[key, member]];
		return [[key, MAPS.has(key) ? this.map(member) : this.schema(member)]];
	}

	private map(value: JsonValue): unknown {
		if (!isNested(value) || Array.isArray(value)) return this.schema(value as JsonValue);
		this.count();
		const members = Object.entries(value as JsonObject);
		return Object.fromEntries(members.map(([name, one]) => [name, this.schema(one)]));
	}

	private addPattern(copy: JsonObject, pattern: string): void {
		const matching = this.matcher.matching(pattern);
		if (!matching) return;
		const mark: PatternMark = { pattern };
		const listed = { if: { type: 'string' }, then: { enum: [mark, ...matching] } };
		const others = Array.isArray(copy.allOf) ? copy.allOf : [];
		copy.allOf = [...others, listed as unknown as JsonObject];
	}

	/** What the patterns say of the call's own keys; other keys are not in it. */
	private addProperties(copy: JsonObject, patterns: JsonObject): void {
		const named = new Map(Object.entries(isNested(copy.properties) ? copy.properties : {}));
		const known = new Set(this.keys);
		for (const [pattern, inner] of Object.entries(patterns)) {
			const matching = this.matcher.matching(pattern)?.filter((text) => known.has(text));
			if (!matching || (this.properties += matching.length) > MAX_PROPERTIES) {
				// Whether a key is an additional one cannot be told then.
				delete copy.additionalProperties;
				delete copy.unevaluatedProperties;
				continue;
			}
			for (const key of matching) {
				const own = named.get(key);
				const rule = this.schema(inner);
				named.set(key, (own === undefined ? rule : { allOf: [own, rule] }) as JsonObject);
			}
		}
		copy.properties = Object.fromEntries(named) as JsonObject;
	}

	private count(): void {
		this.nodes += 1;
		if (this.nodes > MAX_NODES) throw new Error(`it has more than ${MAX_NODES} parts`);
	}

	/** The validator reads a schema's type whenever it looks at it, and then all that it lists. */
	private counted(copy: JsonObject): JsonObject {
		const { type } = copy;
		const steps = 1 + stepsOf(copy);
		return Object.defineProperty(copy, 'type', {
			enumerable: true,
			get: () => {
				this.step(steps);
				return type;
			},
		});
	}

	private step(count: number): void {
		this.steps += count;
		if (this.steps > MAX_STEPS) throw new Error('it takes too many steps');
	}

	/** The same values. The validator asks an object for its keys whenever it looks at a schema for it. */
	counting<T extends JsonValue>(value: T): T {
		if (!isNested(value)) return value;
		if (Array.isArray(value)) return value.map((one: JsonValue) => this.counting(one)) as T;
		const members = Object.entries(value as JsonObject);
		const copy = Object.fromEntries(members.map(([key, one]) => [key, this.counting(one)]));
		if (members.length < WIDE) return copy as T;
		const steps = members.length / ENTRIES_PER_STEP;
		return new Proxy(copy, {
			ownKeys: (target) => {
				this.step(steps);
				return Reflect.ownKeys(target);
			},
		}) as T;
	}
}

/** What a look at a schema costs beside those at the schemas inside of it, in steps. */
function stepsOf({ enum: choices, const: value, required, properties, type }: JsonObject): number {
	const size = { entries: 0, characters: 0 };
	const add = (one: JsonValue | undefined): void => {
		size.entries += 1;
		if (typeof one === 'string') size.characters += one.length;
		if (isNested(one)) Object.entries(one as JsonObject).forEach((entry) => entry.forEach(add));
	};
	for (const one of [choices, value, required, type]) add(one);
	if (isNested(properties)) size.entries += Object.keys(properties).length;
	return Math.floor(size.entries / ENTRIES_PER_STEP + size.characters / CHARACTERS_PER_STEP);
}

function namesAndTexts(given: JsonObject): { keys: Set<string>; texts: Set<string> } {
	const [keys, texts] = [new Set<string>(), new Set<string>()];
	const visit = (value: JsonValue): void => {
		if (typeof value === 'string') texts.add(value);
		if (!isNested(value)) return;
		for (const [key, member] of Object.entries(value as JsonObject)) {
			if (!Array.isArray(value)) keys.add(key);
			visit(member);
		}
	};
	visit(given);
	return { keys, texts };
}
