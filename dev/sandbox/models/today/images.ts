import type { SandboxModel } from '../model';
import { draw, RATIOS, sizeFor } from './drawing';
import { imageSeries } from './imageSeries';
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

/** Edits one picture: its optional inputs are nullable. */
const fluxKontext: SandboxModel = {
	owner: 'black-forest-labs',
	name: 'flux-kontext-pro',
	description: 'Edits an image by instructions in text',
	official: true,
	exampleInput: { prompt: 'a red fox in the snow' },
	schemas: {
		Input: inputSchema(
			{
				prompt: text('What to draw, or how to change the input image'),
				input_image: file('Image to edit: jpeg, png, gif or webp', NULLABLE),
				aspect_ratio: choice('aspect_ratio', 'Shape of the image', 'match_input_image'),
				seed: whole('For results that can be repeated', NULLABLE),
				output_format: choice('output_format', 'Format of the image', 'png'),
				safety_tolerance: whole('0 is the strictest, 6 the most permissive', {
					default: 2,
					minimum: 0,
					maximum: 6,
				}),
				prompt_upsampling: flag('Improve the prompt automatically', false),
			},
			['prompt'],
		),
		aspect_ratio: values('aspect_ratio', 'match_input_image', ...RATIOS),
		output_format: values('output_format', 'jpg', 'png'),
		Output: OUTPUT.file,
	},
	async run(context) {
		const { input, deliver, metric } = context;
		const references = [input.input_image].filter(Boolean);
		metric('image_count', 1);
		const format = String(input.output_format);
		const size = await sizeFor(input.aspect_ratio, references, context);
		const bytes = await draw(String(input.prompt), references, { format, size }, context);
		return await deliver(bytes, `tmp.${format}`);
	},
};

/** Takes a list of pictures, and gives one file. */
function nanoBanana(
	name: string,
	more: Record<string, object>,
	enums: Record<string, object>,
	maxImages?: number,
) {
	const model: SandboxModel = {
		owner: 'google',
		name,
		description: 'Makes and edits images, with several images as reference',
		official: true,
		schemas: {
			Input: inputSchema(
				{
					prompt: text('What to draw, or how to change the images'),
					image_input: files('Images to change or to take as reference', {
						default: [],
						...(maxImages === undefined ? {} : { maxItems: maxImages }),
					}),
					aspect_ratio: choice('aspect_ratio', 'Shape of the image', 'match_input_image'),
					...(more as Record<string, Record<string, unknown>>),
					output_format: choice('output_format', 'Format of the image', 'jpg'),
				},
				['prompt'],
			),
			aspect_ratio: values('aspect_ratio', 'match_input_image', ...RATIOS, '4:5', '5:4'),
			output_format: values('output_format', 'jpg', 'png'),
			...enums,
			Output: OUTPUT.file,
		},
		async run(context) {
			const { input, deliver, metric } = context;
			const references = input.image_input as unknown[];
			metric('image_count', 1);
			const format = String(input.output_format);
			const size = await sizeFor(input.aspect_ratio, references, context);
			const bytes = await draw(String(input.prompt), references, { format, size }, context);
			return await deliver(bytes, `tmp.${format}`);
		},
	};
	return model;
}

export const images: SandboxModel[] = [
	fluxKontext,
	nanoBanana('nano-banana', {}, {}),
	nanoBanana(
		'nano-banana-pro',
		{
			resolution: choice('resolution', 'Resolution of the image', '2K'),
			safety_filter_level: choice('safety_filter_level', 'How much is blocked', 'block_only_high'),
		},
		{
			resolution: values('resolution', '1K', '2K', '4K'),
			safety_filter_level: values(
				'safety_filter_level',
				'block_low_and_above',
				'block_medium_and_above',
				'block_only_high',
			),
		},
	),
	nanoBanana(
		'nano-banana-2',
		{ resolution: choice('resolution', 'Resolution of the image', '1K') },
		{ resolution: values('resolution', '512px', '1K', '2K', '4K') },
		14,
	),
	...imageSeries,
];
