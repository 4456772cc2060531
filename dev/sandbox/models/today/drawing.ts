import sharp from 'sharp';
import { inputPicture } from '../inputPicture';
import { picture, type PictureSize } from '../media';
import type { RunContext } from '../model';

/** Shapes that most models know. */
export const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '21:9'];

/** The longer side of a picture, in pixels. The real models draw larger ones. */
const LONGER_SIDE = 512;

/** The size for a ratio such as `16:9`; the first reference's own where it says so. */
export async function sizeFor(
	ratio: unknown,
	references: unknown[],
	context: RunContext,
): Promise<PictureSize> {
	const [across, down] = String(ratio).split(':').map(Number);
	if (across && down) return fitted(across, down);
	if (references.length === 0) return fitted(1, 1);
	const { width, height } = await sharp(await inputPicture(references[0], context)).metadata();
	return fitted(width, height);
}

/** Draws the prompt, with the pictures that it starts from small along the top edge. */
export async function draw(
	caption: string,
	references: unknown[],
	{ format, size }: { format: string; size: PictureSize },
	context: RunContext,
): Promise<Buffer> {
	const drawn = sharp(await picture(caption, 'png', size));
	const side = Math.max(8, Math.floor(size.width / Math.max(4, references.length)));
	const small = references.map(async (address, index) => ({
		input: await sharp(await inputPicture(address, context))
			.resize(Math.min(side, size.height), Math.min(side, size.height), { fit: 'cover' })
			.png()
			.toBuffer(),
		left: index * side,
		top: 0,
	}));
	return await drawn
		.composite(await Promise.all(small))
		.toFormat((format === 'jpg' ? 'jpeg' : format) as 'png')
		.toBuffer();
}

/** Reads every file that a model was given, as the real one would. */
export async function readAll(addresses: unknown[], context: RunContext): Promise<void> {
	for (const address of addresses) await inputPicture(address, context);
}

function fitted(across: number, down: number): PictureSize {
	const scale = LONGER_SIDE / Math.max(across, down);
	return { width: Math.round(across * scale), height: Math.round(down * scale) };
}
