import { type OutputUnit, type SchemaDraft, Validator } from '@cfworker/json-schema';
import type { JsonObject } from '../api/json';
import { oneLine } from '../api/oneLine';
import { boundedSchema } from './boundedSchema';

/** Keywords that only pass on what is wrong further inside. */
const OUTER = new Set([
	...['properties', 'patternProperties', 'additionalProperties', 'unevaluatedProperties'],
	...['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'propertyNames'],
	...['$ref', '$recursiveRef', 'allOf', 'if', 'dependentSchemas'],
]);

/**
 * What of a call's arguments does not fit the schema of its tool, such as `"arguments/count" must be
 * a number`, or `undefined` where all fits. Never throws, whatever the schema.
 */
export function schemaFault(schema: JsonObject, given: JsonObject): string | undefined {
	try {
		const bounded = boundedSchema(schema, given);
		const validator = new Validator(bounded.schema, draftOf(schema));
		const { valid, errors } = validator.validate(bounded.given);
		if (valid) return undefined;
		return faultOf(errors.find(({ keyword }) => !OUTER.has(keyword)) ?? errors.at(-1)!);
	} catch (error) {
		const why = error instanceof Error ? error.message : 'it is not a JSON schema';
		return `the tool's own schema cannot be used: ${oneLine(why, 200)}`;
	}
}

/** The draft that a schema names; the newest where it names none. */
function draftOf({ $schema }: JsonObject): SchemaDraft {
	const named = typeof $schema === 'string' ? $schema : '';
	if (named.includes('draft-04')) return '4';
	if (named.includes('draft-06') || named.includes('draft-07')) return '7';
	return named.includes('2019-09') ? '2019-09' : '2020-12';
}

/** An error of the validator in words that lead with the place. */
function faultOf({ keyword, instanceLocation, error }: OutputUnit): string {
	const place = placeOf(instanceLocation);
	switch (keyword) {
		case 'type':
			return `${place} must be ${typesIn(error)}`;
		case 'required':
			return `${placeOf(`${instanceLocation}/${error.split('"')[1]}`)} is missing`;
		case 'false':
			return `${place} is not allowed`;
		case 'enum':
			return `${place} ${patternFault(error) ?? `must be one of ${cut(after(error, 'any of '))}`}`;
		case 'const':
			return `${place} must be ${cut(after(error, 'match '))}`;
		case 'anyOf':
			return `${place} fits none of the alternatives in "anyOf"`;
		default:
			return `${place}: ${cut(error.replace(/\.$/, ''))}`;
	}
}

/** `boundedSchema` writes a pattern as an `enum`: its mark, and then the texts that match. */
function patternFault(error: string): string | undefined {
	const [, quoted] = /any of \[\{"pattern":("(?:[^"\\]|\\.)*")\}/.exec(error) ?? [];
	return quoted && `must match the pattern ${cut(JSON.parse(quoted) as string)}`;
}

function placeOf(pointer: string): string {
	return `"${cut(pointer.replace('#', 'arguments'))}"`;
}

/** The types that an error wants, such as "a number or null". */
function typesIn(error: string): string {
	const types = after(error, 'Expected ')
		.split(', ')
		.map((quoted) => quoted.replaceAll('"', ''));
	return types.map(withArticle).join(' or ');
}

function withArticle(type: string): string {
	if (type === 'null') return type;
	return `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`;
}

/** What follows in an error, without its full stop. */
function after(error: string, words: string): string {
	return error.slice(error.indexOf(words) + words.length).replace(/\.$/, '');
}

function cut(text: string): string {
	return oneLine(text, 200);
}
