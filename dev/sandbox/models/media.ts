import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Size of a picture, in pixels. */
export interface PictureSize {
	width: number;
	height: number;
}

const USUAL: PictureSize = { width: 512, height: 512 };

/** A picture in colours of its caption, with the caption on it, as SVG. */
export function svgPicture(caption: string, { width, height } = USUAL): string {
	const hue = [...caption].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 360;
	const text = caption
		.slice(0, 40)
		.replace(/[<>&"']/g, ' ')
		.replace(/\p{Cc}/gu, ' ');
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 512 512"><rect x="-2048" y="-2048" width="4608" height="4608" fill="hsl(${hue} 60% 45%)"/><circle cx="256" cy="220" r="120" fill="hsl(${(hue + 60) % 360} 80% 70%)"/><text x="256" y="450" font-family="sans-serif" font-size="20" fill="white" text-anchor="middle">${text}</text></svg>`;
}

/** The same as a file. */
export async function picture(
	caption: string,
	format: string,
	size: PictureSize = USUAL,
): Promise<Buffer> {
	const drawn = Buffer.from(svgPicture(caption, size));
	if (format === 'svg') return drawn;
	return await sharp(drawn)
		.toFormat((format === 'jpg' ? 'jpeg' : format) as 'png')
		.toBuffer();
}

/** A tone of 440 Hz as WAV: mono, 8 kHz, 8 bit. */
export function wavTone(seconds: number): Buffer {
	const rate = 8_000;
	const length = Math.round(rate * seconds);
	const header = Buffer.alloc(44);
	header.write('RIFF', 0);
	header.writeUInt32LE(36 + length, 4);
	header.write('WAVEfmt ', 8);
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(1, 20);
	header.writeUInt16LE(1, 22);
	header.writeUInt32LE(rate, 24);
	header.writeUInt32LE(rate, 28);
	header.writeUInt16LE(1, 32);
	header.writeUInt16LE(8, 34);
	header.write('data', 36);
	header.writeUInt32LE(length, 40);
	const wave = (at: number) => 128 + 100 * Math.sin((2 * Math.PI * 440 * at) / rate);
	return Buffer.concat([header, Buffer.from(Array.from({ length }, (_, at) => wave(at)))]);
}

/** One second of test picture with a tone, as MP4 that browsers play. */
export async function mp4Clip(): Promise<Buffer> {
	return await readFile(join(__dirname, 'media', 'clip.mp4'));
}

/** One second of 440 Hz as MP3. */
export async function mp3Tone(): Promise<Buffer> {
	return await readFile(join(__dirname, 'media', 'tone.mp3'));
}

/** A small file of a type, or its caption as plain bytes for types that have no stand-in. */
export async function standIn(extension: string, caption: string): Promise<Buffer> {
	const format = extension.toLowerCase().replace(/^\./, '');
	switch (format) {
		case 'png':
		case 'jpg':
		case 'jpeg':
		case 'webp':
		case 'gif':
		case 'svg':
			return await picture(caption, format);
		case 'wav':
			return wavTone(1);
		case 'mp3':
			return await mp3Tone();
		case 'mp4':
			return await mp4Clip();
		case 'json':
			return Buffer.from('{}');
		default:
			return Buffer.from(caption);
	}
}
