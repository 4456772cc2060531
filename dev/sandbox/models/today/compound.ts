import { createHash } from 'node:crypto';
import type { RunContext, SandboxModel } from '../model';
import { film } from './videos';
import {
	choice,
	file,
	files,
	flag,
	inputSchema,
	NULLABLE,
	OUTPUT,
	text,
	values,
	whole,
} from './schema';

/** Takes the shots of a film as a list of objects. */
const klingV3: SandboxModel = {
	owner: 'kwaivgi',
	name: 'kling-v3-video',
	description: 'Makes a video of up to six shots, each with a prompt and a length of its own',
	official: true,
	schemas: {
		Input: inputSchema({
			prompt: text('What happens in the video', { default: '' }),
			multi_prompt: {
				type: 'array',
				items: { $ref: '#/components/schemas/Shot' },
				maxItems: 6,
				description: 'Up to 6 shots, each with a prompt and a duration in seconds',
			},
			start_image: file('First frame of the video', NULLABLE),
			end_image: file('Last frame of the video', NULLABLE),
			aspect_ratio: choice('aspect_ratio', 'Shape of the video', '16:9'),
			duration: whole('Length of the video in seconds', { default: 5, minimum: 3, maximum: 15 }),
			generate_audio: flag('Make sound as well', false),
		}),
		Shot: {
			type: 'object',
			title: 'Shot',
			required: ['prompt', 'duration'],
			properties: {
				prompt: { type: 'string', title: 'Prompt' },
				duration: { type: 'integer', title: 'Duration', minimum: 1, maximum: 15 },
			},
		},
		aspect_ratio: values('aspect_ratio', '16:9', '9:16', '1:1'),
		Output: OUTPUT.file,
	},
	async run(context) {
		const { input } = context;
		const shots = (input.multi_prompt ?? []) as Array<{ duration: number }>;
		const seconds = shots.reduce((sum, { duration }) => sum + duration, 0);
		const duration = seconds || Number(input.duration);
		return await film([input.start_image, input.end_image], {
			...context,
			input: { ...input, duration },
		});
	},
};

/** Takes images, videos and sounds side by side. */
const seedance2: SandboxModel = {
	owner: 'bytedance',
	name: 'seedance-2.0',
	description: 'Makes a video from text, with images, videos and sounds as reference',
	official: true,
	schemas: {
		Input: inputSchema(
			{
				prompt: text('What happens in the video'),
				image: file('First frame of the video', NULLABLE),
				reference_images: files('Up to 9 images', { default: [], maxItems: 9 }),
				reference_videos: files('Up to 3 videos', { default: [], maxItems: 3 }),
				reference_audios: files('Up to 3 sounds', { default: [], maxItems: 3 }),
				duration: whole('Length of the video in seconds', { default: 5, minimum: 4, maximum: 15 }),
				seed: whole('For results that can be repeated', NULLABLE),
			},
			['prompt'],
		),
		Output: OUTPUT.file,
	},
	async run(context) {
		const { input, log, fetchFile } = context;
		for (const kind of ['reference_images', 'reference_videos', 'reference_audios']) {
			for (const address of input[kind] as string[]) {
				const { name, mimeType, size } = await fetchFile(address);
				log(`${kind}: ${name}, ${mimeType}, ${size} bytes`);
			}
		}
		return await film([input.image], context);
	},
};

/** Takes files inside an object and inside a list of objects. It says back what it got. */
const storyboard: SandboxModel = {
	owner: 'sandbox',
	name: 'storyboard',
	description: 'Takes files inside objects, and says which bytes they have',
	official: true,
	schemas: {
		Input: inputSchema(
			{
				title: text('Title of the story'),
				cover: { $ref: '#/components/schemas/Picture' },
				scenes: {
					type: 'array',
					items: { $ref: '#/components/schemas/Scene' },
					minItems: 1,
					maxItems: 3,
					description: 'Scenes, each with its images and a text',
				},
			},
			['scenes'],
		),
		Picture: {
			type: 'object',
			title: 'Picture',
			required: ['image'],
			properties: { image: file('The picture'), caption: text('Below the picture') },
		},
		Scene: {
			type: 'object',
			title: 'Scene',
			required: ['prompt'],
			properties: {
				prompt: text('What happens'),
				seconds: whole('How long', { minimum: 1, maximum: 10 }),
				images: files('What is seen'),
				voice: file('What is heard'),
			},
		},
		Output: { type: 'object', title: 'Output' },
	},
	run: async (context) => (await withHashes(context.input, context)) as object,
};

/** The same value with the SHA-256 of each file in place of its address. */
async function withHashes(value: unknown, context: RunContext): Promise<unknown> {
	if (typeof value === 'string' && /^(?:data:|https?:)/.test(value)) {
		const { content, sha256 } = await context.fetchFile(value);
		return Buffer.isBuffer(content) ? createHash('sha256').update(content).digest('hex') : sha256;
	}
	if (Array.isArray(value)) {
		return await Promise.all(value.map(async (one) => await withHashes(one, context)));
	}
	if (typeof value !== 'object' || value === null) return value;
	const members = Object.entries(value).map(
		async ([key, member]) => [key, await withHashes(member, context)] as const,
	);
	return Object.fromEntries(await Promise.all(members));
}

/** Models whose inputs are made of several parts. */
export const compound: SandboxModel[] = [klingV3, seedance2, storyboard];
