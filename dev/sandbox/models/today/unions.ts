import type { RunContext, SandboxModel } from '../model';
import { choice, file, files, inputSchema, text, values, type Schema } from './schema';

const NULL = { type: 'null' };

function orNull(...schemas: Schema[]): Schema {
	return { anyOf: [...schemas, NULL] };
}

/** Every shape that a schema of OpenAPI 3.1 may have today, in one model. It says back what it got. */
export const unions: SandboxModel = {
	owner: 'sandbox',
	name: 'unions',
	description: 'Takes inputs of every shape that schemas of today have',
	official: true,
	openapi: '3.1.0',
	schemas: {
		Input: inputSchema(
			{
				prompt: text('A text that is required', { minLength: 1 }),
				image: { ...orNull(file('')), description: 'A file, or null' },
				images: { ...orNull(files('')), description: 'A list of files, or null' },
				reference: { anyOf: [file(''), files('')], description: 'A file or a list of files' },
				seed: { ...orNull({ type: 'integer', minimum: 0 }), description: 'A number, or null' },
				style: {
					...orNull({ $ref: '#/components/schemas/style' }),
					default: null,
					description: 'A choice, or null',
				},
				quality: choice('quality', 'A choice by reference', 'standard'),
				mode: { type: 'string', enum: ['fast', 'good'], default: 'fast' },
				messages: {
					type: 'array',
					items: { $ref: '#/components/schemas/Message' },
					description: 'A conversation',
				},
				camera: { $ref: '#/components/schemas/Camera' },
				settings: { type: 'object', additionalProperties: true, default: {} },
				tags: { type: 'array', items: { type: 'string' }, maxItems: 3 },
				strength: { anyOf: [{ type: 'number' }, { type: 'string' }], default: 0.5 },
				note: text('A text'),
			},
			['prompt'],
		),
		style: values('style', 'photo', 'drawing'),
		quality: values('quality', 'standard', 'high'),
		Message: {
			type: 'object',
			title: 'Message',
			required: ['role', 'content'],
			properties: {
				role: { type: 'string', enum: ['system', 'user', 'assistant'] },
				content: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'object' } }] },
			},
		},
		Camera: {
			type: 'object',
			title: 'Camera',
			properties: {
				pan: { type: 'number', minimum: -10, maximum: 10 },
				zoom: { type: 'number', minimum: 1, maximum: 4 },
			},
		},
		Output: { type: 'object', title: 'Output' },
	},
	async run(context) {
		const entries = Object.entries(context.input).map(
			async ([name, value]) => [name, await received(name, value, context)] as const,
		);
		return Object.fromEntries(await Promise.all(entries));
	},
};

/** What an input was: the hash of a file, anything else as it is. */
async function received(name: string, value: unknown, context: RunContext): Promise<unknown> {
	if (!['image', 'images', 'reference'].includes(name) || value === null) return value;
	if (!Array.isArray(value)) return (await context.fetchFile(String(value))).sha256;
	return await Promise.all(
		value.map(async (address) => (await context.fetchFile(String(address))).sha256),
	);
}
