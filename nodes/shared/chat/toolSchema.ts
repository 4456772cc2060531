import { isNested, type JsonObject } from '../api/json';

/** What a library of schemas gives of itself as JSON schema (standardschema.dev, since zod 4.2). */
interface StandardSchema {
	'~standard'?: {
		jsonSchema?: { input?: (options: { target: string }) => unknown };
	};
}

/** A schema of zod 4, which n8n's SDK 0.31 takes for JSON because it looks for zod 3. */
interface Zod4 {
	_zod?: unknown;
}

/**
 * A schema of zod 3. The SDK knows those that its own copy of zod wrote, and a tool of another package
 * may bring a copy.
 */
interface Zod3 {
	_def?: { typeName?: unknown };
}

function isZod3(schema: object): boolean {
	const { typeName } = (schema as Zod3)._def ?? {};
	return typeof typeName === 'string' && typeName.startsWith('Zod');
}

/** Whether n8n's SDK would, or may, send the insides of it. */
export function isForeignSchema(schema: unknown): boolean {
	if (typeof schema !== 'object' || schema === null) return false;
	if ('_zod' in schema || isZod3(schema)) return true;
	return (schema as StandardSchema)['~standard']?.jsonSchema !== undefined;
}

/**
 * The JSON schema of a tool's arguments, whatever library wrote it.
 *
 * @param schema for which `isForeignSchema` holds
 */
export async function jsonSchemaOf(schema: unknown): Promise<JsonObject> {
	const { '~standard': standard } = schema as StandardSchema;
	const own = standard?.jsonSchema?.input?.({ target: 'draft-07' });
	if (own !== undefined) return argumentsSchema(own);
	if (isZod3(schema as object)) {
		const { zodToJsonSchema } = await import('zod-to-json-schema');
		return argumentsSchema(zodToJsonSchema(schema as never));
	}
	if ((schema as Zod4)._zod === undefined) return argumentsSchema(undefined);
	const { toJSONSchema } = await import('zod/v4/core');
	return argumentsSchema(
		toJSONSchema(schema as never, {
			io: 'input',
			unrepresentable: 'any',
			override({ zodSchema, jsonSchema }) {
				// A description is kept in the copy of zod that wrote the schema, which is not this one.
				const { description } = zodSchema as { description?: string };
				if (description !== undefined) jsonSchema.description ??= description;
			},
		}),
	);
}

/** Always an object with properties: OpenAI and others refuse a function without them. */
export function argumentsSchema(schema: unknown): JsonObject {
	const isSchema = isNested(schema) && !Array.isArray(schema) && !('_def' in schema);
	if (!isSchema) return { type: 'object', properties: {} };
	const { type = 'object', properties, ...rest } = schema as JsonObject;
	const isObject = isNested(properties) && !Array.isArray(properties);
	return { ...rest, type, properties: isObject ? properties : {} };
}
