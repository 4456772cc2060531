import sharp from 'sharp';
import type { RunContext, SandboxModel } from './model';

/** What an output may hold, by name. */
const KINDS = [
	'file',
	'tokenFile',
	'redirectedTokenFile',
	'missingFile',
	'dataUri',
	'brokenDataUri',
	'textLikeDataUri',
	'text',
] as const;

type Kind = (typeof KINDS)[number];

/** Gives an output of chosen parts: public files, files that need the token, and texts beside them. */
export const mixed: SandboxModel = {
	owner: 'sandbox',
	name: 'mixed',
	description: 'Gives several outputs of chosen kinds',
	official: true,
	exampleInput: { kinds: ['file', 'dataUri', 'text'], shape: 'object' },
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			required: ['kinds'],
			properties: {
				kinds: {
					type: 'array',
					title: 'Kinds',
					items: { $ref: '#/components/schemas/kind' },
					minItems: 1,
					'x-order': 0,
				},
				shape: {
					allOf: [{ $ref: '#/components/schemas/shape' }],
					default: 'list',
					'x-order': 1,
					description: 'A list, or an object with the kinds as keys',
				},
			},
		},
		kind: { type: 'string', title: 'kind', enum: [...KINDS] },
		shape: { type: 'string', title: 'shape', enum: ['list', 'object'] },
		Output: { title: 'Output' },
	},
	async run(context) {
		const kinds = context.input.kinds as Kind[];
		const parts = await Promise.all(
			kinds.map(async (kind, index) => await part(kind, `${kind}-${index}`, context)),
		);
		if (context.input.shape === 'list') return parts;
		return Object.fromEntries(kinds.map((kind, index) => [kind, parts[index]]));
	},
};

async function part(kind: Kind, name: string, context: RunContext): Promise<string> {
	const { deliver, deliverToOwner } = context;
	switch (kind) {
		case 'file':
			return await deliver(await picture(), `${name}.png`);
		case 'tokenFile':
			return deliverToOwner(await picture(), `${name}.png`);
		case 'redirectedTokenFile':
			return deliverToOwner(
				Buffer.alloc(0),
				`${name}.png`,
				await deliver(await picture(), `${name}.png`),
			);
		case 'missingFile':
			return (await deliver(Buffer.alloc(0), name)).replace('/pbxt/', '/gone/');
		case 'dataUri':
			return `data:image/png;base64,${(await picture()).toString('base64')}`;
		case 'brokenDataUri':
			return 'data:image/png;base64,%%%not base64%%%';
		case 'textLikeDataUri':
			return 'data: 12 cats';
		case 'text':
			return 'a caption';
	}
}

async function picture(): Promise<Buffer> {
	const create = { width: 16, height: 16, channels: 3, background: 'teal' } as const;
	return await sharp({ create }).png().toBuffer();
}
