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

/** Whether n8n's SDK would send the insides of it. */
export function isForeignSchema(schema: unknown): boolean {
	if (typeof schema !== 'object' || schema === null) return false;
	return '_zod' in schema || (schema as StandardSchema)['~standard']?.jsonSchema !== undefined;
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
