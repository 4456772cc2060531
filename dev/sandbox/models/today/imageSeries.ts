import type { RunContext, SandboxModel } from '../model';
import { draw, RATIOS, sizeFor } from './drawing';
import { choice, files, flag, inputSchema, NULLABLE, OUTPUT, text, values, whole } from './schema';

/** Gives several files, up to as many as were asked for. */
const seedream: SandboxModel = {
	owner: 'bytedance',
	name: 'seedream-4',
	description: 'Makes and edits images up to 4K, alone or as a series',
	official: true,
	schemas: {
		Input: inputSchema(
			{
				prompt: text('What to draw'),
				image_input: files('1 to 10 images to start from', { default: [] }),
				size: choice('size', '1K, 2K or 4K, or custom for a width and a height', '2K'),
				aspect_ratio: choice(
					'aspect_ratio',
					'Shape, unless the size is custom',
					'match_input_image',
				),
				width: whole('Width for the custom size', { default: 2048, minimum: 1024, maximum: 4096 }),
				height: whole('Height for the custom size', {
					default: 2048,
					minimum: 1024,
					maximum: 4096,
				}),
				sequential_image_generation: choice(
					'sequential_image_generation',
					'Whether the model may make a series of images',
					'disabled',
				),
				max_images: whole('Most images of a series', { default: 1, minimum: 1, maximum: 15 }),
				enhance_prompt: flag('Improve the prompt automatically', true),
			},
			['prompt'],
		),
		size: values('size', '1K', '2K', '4K', 'custom'),
		aspect_ratio: values('aspect_ratio', 'match_input_image', ...RATIOS),
		sequential_image_generation: values('sequential_image_generation', 'disabled', 'auto'),
		Output: OUTPUT.files,
	},
	async run(context) {
		const { input, metric } = context;
		const isSeries = input.sequential_image_generation === 'auto';
		const count = isSeries ? Number(input.max_images) : 1;
		metric('image_count', count);
		return await series(count, input.image_input as unknown[], 'jpg', context);
	},
};

/** Wants the key of another company, a secret, besides the prompt. */
const gptImage: SandboxModel = {
	owner: 'openai',
	name: 'gpt-image-1',
	description: 'Makes and edits images with your own OpenAI key',
	official: true,
	schemas: {
		Input: inputSchema(
			{
				openai_api_key: text('Your OpenAI API key', {
					format: 'password',
					writeOnly: true,
					'x-cog-secret': true,
				}),
				prompt: text('What to draw'),
				aspect_ratio: choice('aspect_ratio', 'Shape of the images', '1:1'),
				input_images: files('Images to start from', NULLABLE),
				number_of_images: whole('How many images', { default: 1, minimum: 1, maximum: 10 }),
				quality: choice('quality', 'Quality of the images', 'auto'),
				background: choice('background', 'Whether the background is transparent', 'auto'),
				output_compression: whole('Compression in percent', {
					default: 90,
					minimum: 0,
					maximum: 100,
				}),
				output_format: choice('output_format', 'Format of the images', 'webp'),
				user_id: text('Who asks, for the detection of abuse', NULLABLE),
			},
			['openai_api_key', 'prompt'],
		),
		aspect_ratio: values('aspect_ratio', '1:1', '3:2', '2:3'),
		quality: values('quality', 'low', 'medium', 'high', 'auto'),
		background: values('background', 'auto', 'transparent', 'opaque'),
		output_format: values('output_format', 'png', 'jpeg', 'webp'),
		Output: OUTPUT.files,
	},
	async run(context) {
		const { input, metric } = context;
		const count = Number(input.number_of_images);
		metric('image_output_count', count);
		const references = (input.input_images ?? []) as unknown[];
		return await series(count, references, String(input.output_format), context);
	},
};

async function series(
	count: number,
	references: unknown[],
	format: string,
	context: RunContext,
): Promise<string[]> {
	const { input, deliver } = context;
	const size = await sizeFor(input.aspect_ratio, references, context);
	const all = Array.from({ length: count }, async (_, index) => {
		const caption = `${String(input.prompt)} ${index || ''}`;
		const bytes = await draw(caption, references, { format, size }, context);
		return await deliver(bytes, `output_${index}.${format}`);
	});
	return await Promise.all(all);
}

/** Models that give several files. */
export const imageSeries: SandboxModel[] = [seedream, gptImage];
