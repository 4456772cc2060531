import { extname } from 'node:path';
import sharp from 'sharp';
import type { RunContext, SandboxModel } from './model';

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
		return await delivered(output, context);
	};
}

function isLocalFile(value: unknown): value is string {
	return typeof value === 'string' && /^(?:data:[\w.+-]+\/|http:\/\/127\.0\.0\.1)/.test(value);
}

/** The value with every file address in it replaced by that of a file of the same type. */
async function delivered(value: unknown, context: RunContext): Promise<unknown> {
	if (typeof value === 'string') {
		const isFile = /^https:\/\/(?:[\w-]+\.)?replicate\.delivery\/\S+$/.test(value);
		return isFile ? await deliverStandIn(value, context) : value;
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

async function deliverStandIn(address: string, { deliver, input }: RunContext): Promise<string> {
	const name = decodeURIComponent(new URL(address).pathname.split('/').at(-1)!);
	return await deliver(await standIn(extname(name), String(input.prompt ?? name)), name);
}

/** A small file of a type: a picture with the prompt on it, a second of sound, or plain bytes. */
async function standIn(extension: string, caption: string): Promise<Buffer> {
	switch (extension.toLowerCase()) {
		case '.png':
		case '.jpg':
		case '.jpeg':
		case '.webp':
		case '.gif':
			return await sharp(Buffer.from(picture(caption)))
				.toFormat(extension.slice(1).toLowerCase() as 'png')
				.toBuffer();
		case '.svg':
			return Buffer.from(picture(caption));
		case '.wav':
			return tone();
		case '.json':
			return Buffer.from('{}');
		default:
			return Buffer.from(caption);
	}
}

function picture(caption: string): string {
	const hue = [...caption].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 360;
	const text = caption
		.slice(0, 40)
		.replace(/[<>&"']/g, ' ')
		.replace(/\p{Cc}/gu, ' ');
	return `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"><rect width="512" height="512" fill="hsl(${hue} 60% 45%)"/><circle cx="256" cy="220" r="120" fill="hsl(${(hue + 60) % 360} 80% 70%)"/><text x="256" y="450" font-family="sans-serif" font-size="20" fill="white" text-anchor="middle">${text}</text></svg>`;
}

/** One second of 440 Hz, mono, 8 kHz, 8 bit. */
function tone(): Buffer {
	const rate = 8_000;
	const header = Buffer.alloc(44);
	header.write('RIFF', 0);
	header.writeUInt32LE(36 + rate, 4);
	header.write('WAVEfmt ', 8);
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(1, 20);
	header.writeUInt16LE(1, 22);
	header.writeUInt32LE(rate, 24);
	header.writeUInt32LE(rate, 28);
	header.writeUInt16LE(1, 32);
	header.writeUInt16LE(8, 34);
	header.write('data', 36);
	header.writeUInt32LE(rate, 40);
	const samples = Buffer.from(
		Array.from({ length: rate }, (_, at) => 128 + 100 * Math.sin((2 * Math.PI * 440 * at) / rate)),
	);
	return Buffer.concat([header, samples]);
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
