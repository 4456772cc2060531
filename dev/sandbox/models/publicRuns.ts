import sharp from 'sharp';
import { inputPicture } from './inputPicture';
import { languageRuns } from './language';
import { picture, wavTone } from './media';
import type { RunContext, SandboxModel } from './model';

/** Real public models that do their work here, in a small way, so that a recipe shows its own result. */
export const publicRuns: Record<string, SandboxModel['run']> = {
	'851-labs/background-remover': removeBackground,
	'black-forest-labs/flux-schnell': drawPictures,
	'jaaari/kokoro-82m': readAloud,
	'nightmareai/real-esrgan': upscale,
	'openai/whisper': transcribe,
	...languageRuns,
};

/** Widest result of the upscaler, in pixels. */
const WIDEST = 4_096;

/** How far a pixel's channels may be from the corner's to count as background. */
const TOLERANCE = 24;

async function removeBackground(context: RunContext): Promise<string> {
	const { input, deliver } = context;
	const source = await sourcePicture(context);
	const { data, info } = await sharp(source)
		.ensureAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	const corner = data.subarray(0, 3);
	for (let at = 0; at < data.length; at += 4) {
		const isBackground = corner.every(
			(value, channel) => Math.abs(value - data[at + channel]!) <= TOLERANCE,
		);
		if (isBackground !== Boolean(input.reverse)) data[at + 3] = 0;
	}
	const { width, height } = info;
	const format = input.format === 'jpg' ? 'jpg' : 'png';
	const cut = sharp(data, { raw: { width, height, channels: 4 } });
	const bytes =
		format === 'png'
			? await cut.png().toBuffer()
			: await cut.flatten({ background: 'white' }).jpeg().toBuffer();
	return await deliver(bytes, `output.${format}`);
}

async function drawPictures({ input, deliver, metric }: RunContext): Promise<string[]> {
	const { prompt, num_outputs: count, output_format: format, aspect_ratio: ratio } = input;
	const [across, down] = String(ratio).split(':').map(Number);
	const size = { width: 512, height: Math.round((512 * down!) / across!) };
	metric('image_count', Number(count));
	return await Promise.all(
		Array.from({ length: Number(count) }, async (_, index) =>
			deliver(
				await picture(`${String(prompt)} ${index || ''}`, String(format), size),
				`out-${index}.${String(format)}`,
			),
		),
	);
}

/** About fifteen letters are said in a second. */
async function readAloud({ input, deliver }: RunContext): Promise<string> {
	const seconds = String(input.text).length / 15 / Number(input.speed);
	return await deliver(wavTone(Math.min(Math.max(seconds, 0.2), 60)), 'output.wav');
}

async function upscale(context: RunContext): Promise<string> {
	const { input, deliver } = context;
	const source = sharp(await sourcePicture(context));
	const { width } = await source.metadata();
	const scaled = Math.min(Math.round(width * Number(input.scale)), WIDEST);
	const resized = source.resize({ width: scaled });
	return await deliver(await resized.png().toBuffer(), 'output.png');
}

/** The input's picture. Many tests send bytes that are none, for which another stands. */
async function sourcePicture(context: RunContext): Promise<string | Buffer> {
	const source = await inputPicture(context.input.image, context);
	const isReadable = await sharp(source)
		.metadata()
		.then(
			() => true,
			() => false,
		);
	return isReadable ? source : await picture('not a picture', 'png');
}

/** Says what it received, which proves that a large file arrived whole. */
async function transcribe({ input, fetchFile, log }: RunContext): Promise<object> {
	const { name, size, sha256 } = await fetchFile(String(input.audio));
	const text = ` This is ${name}: ${size} bytes with the SHA-256 ${sha256}.`;
	log(`Transcribe with large-v3 model: ${name}`);
	return {
		segments: [{ id: 0, start: 0, end: 1, seek: 0, text }],
		translation: null,
		transcription: text,
		detected_language: 'english',
	};
}
