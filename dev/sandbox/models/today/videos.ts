import { setTimeout as sleep } from 'node:timers/promises';
import { mp4Clip } from '../media';
import type { RunContext, SandboxModel } from '../model';
import { readAll } from './drawing';
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

/** How long a second of video takes to make here, in ms. */
const MS_PER_SECOND = 20;

const veo: SandboxModel = {
	owner: 'google',
	name: 'veo-3.1',
	description: 'Makes videos with sound from text, a first and a last frame, or reference images',
	official: true,
	exampleInput: { prompt: 'a red fox in the snow', duration: 4 },
	schemas: {
		Input: inputSchema(
			{
				prompt: text('What happens in the video'),
				aspect_ratio: choice('aspect_ratio', 'Shape of the video', '16:9'),
				duration: choice('duration', 'Length of the video in seconds', 8),
				image: file('First frame of the video', NULLABLE),
				last_frame: file('Last frame of the video', NULLABLE),
				reference_images: files('1 to 3 images of what is to be seen', {
					default: [],
					maxItems: 3,
				}),
				negative_prompt: text('What is not to be seen', NULLABLE),
				resolution: choice('resolution', 'Resolution of the video', '1080p'),
				generate_audio: flag('Make sound as well', true),
				seed: whole('For results that can be repeated', NULLABLE),
			},
			['prompt'],
		),
		aspect_ratio: values('aspect_ratio', '16:9', '9:16'),
		duration: values('duration', 4, 6, 8),
		resolution: values('resolution', '720p', '1080p'),
		Output: OUTPUT.file,
	},
	run: async (context) => {
		const { image, last_frame: last, reference_images: references } = context.input;
		return await film([image, last, ...(references as unknown[])], context);
	},
};

const kling: SandboxModel = {
	owner: 'kwaivgi',
	name: 'kling-v2.1',
	description: 'Makes a video from its first frame',
	official: true,
	schemas: {
		Input: inputSchema(
			{
				mode: choice('mode', 'standard has 720p, pro has 1080p', 'standard'),
				prompt: text('What happens in the video'),
				negative_prompt: text('What is not to be seen', { default: '' }),
				start_image: file('First frame of the video: at most 10 MB'),
				end_image: file('Last frame of the video, in pro mode', NULLABLE),
				duration: choice('duration', 'Length of the video in seconds', 5),
			},
			['prompt', 'start_image'],
		),
		mode: values('mode', 'standard', 'pro'),
		duration: values('duration', 5, 10),
		Output: OUTPUT.file,
	},
	run: async (context) => await film([context.input.start_image, context.input.end_image], context),
};

/** Makes a film of so many seconds, after it has read its frames. */
export async function film(frames: unknown[], context: RunContext): Promise<string> {
	const { input, deliver, log, signal } = context;
	await readAll(frames.filter(Boolean), context);
	const seconds = Number(input.duration);
	for (let second = 1; second <= seconds; second++) {
		await sleep(MS_PER_SECOND, undefined, { signal });
		log(`${Math.round((100 * second) / seconds)}%|${'#'.repeat(second)}| ${second}/${seconds}`);
	}
	return await deliver(await mp4Clip(), 'tmp.mp4');
}

export const videos: SandboxModel[] = [veo, kling];
