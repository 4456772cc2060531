import { extname } from 'node:path';
import { isLocalFile } from './inputPicture';
import { standIn } from './media';
import type { RunContext, SandboxModel } from './model';
import { isSpoken, speak } from './speak';

type Schemas = Record<string, object>;
type Node = Record<string, unknown>;

/** How deep an output is made up from its schema. */
const MAX_DEPTH = 5;

/**
 * A run that gives what the model's own example gave, with stand-ins of the right type for its files;
 * without an example, something that fits its output schema. It reads the input's files first, as the
 * model would, as far as they lie on this machine.
 */
export function replay(example: unknown, schemas: Schemas): SandboxModel['run'] {
	return async (context) => {
		for (const value of Object.values(context.input).flat()) {
			if (isLocalFile(value)) await context.fetchFile(value);
		}
		const output = example ?? madeUp(schemas, (schemas.Output ?? {}) as Node);
		if (isSpoken(schemas.Output) && Array.isArray(output))
			return await speak(output as string[], context);
		return await delivered(output, context);
	};
}

/** Whether a text is the address of a model's output file. */
export function isOutputFile(value: string): boolean {
	return /^https:\/\/(?:[\w-]+\.)?replicate\.delivery\/\S+$/.test(value);
}

/** The value with every file address in it replaced by that of a file of the same type. */
async function delivered(value: unknown, context: RunContext): Promise<unknown> {
	if (typeof value === 'string') {
		return isOutputFile(value) ? await deliverStandIn(value, context) : value;
	}
	if (Array.isArray(value)) {
		return await Promise.all(value.map(async (member) => await delivered(member, context)));
	}
	if (typeof value !== 'object' || value === null) return value;
	const members = Object.entries(value).map(
		async ([key, member]) => [key, await delivered(member, context)] as const,
	);
	return Object.fromEntries(await Promise.all(members));
}

export function nameOfFile(address: string): string {
	return decodeURIComponent(new URL(address).pathname.split('/').at(-1)!);
}

async function deliverStandIn(address: string, { deliver, input }: RunContext): Promise<string> {
	const name = nameOfFile(address);
	return await deliver(await standIn(extname(name), String(input.prompt ?? name)), name);
}

/** A value that fits an output schema, for a model without an example. */
function madeUp(schemas: Schemas, node: Node, depth = 0): unknown {
	if (depth > MAX_DEPTH) return null;
	if (typeof node.$ref === 'string') {
		return madeUp(schemas, (schemas[node.$ref.split('/').at(-1)!] ?? {}) as Node, depth + 1);
	}
	switch (node.type) {
		case 'array':
			return [madeUp(schemas, (node.items ?? {}) as Node, depth + 1)];
		case 'object': {
			const properties = Object.entries((node.properties ?? {}) as Record<string, Node>);
			return Object.fromEntries(
				properties.map(([key, member]) => [key, madeUp(schemas, member, depth + 1)]),
			);
		}
		case 'integer':
		case 'number':
			return 1;
		case 'boolean':
			return true;
		case 'string':
			return node.format === 'uri' ? 'https://replicate.delivery/pbxt/sandbox/output.png' : 'text';
		default:
			return null;
	}
}
