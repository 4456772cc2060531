import { createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';

/** The paths of the sample files. */
export interface Samples {
	/** A drawing of some kB. */
	icon: string;
	/** A picture of several MB. */
	photo: string;
	/** A sound of 64 MB. */
	recording: string;
}

/** Makes the sample files in `folder`, unless they are there. Nothing is downloaded. */
export async function makeSamples(folder: string): Promise<Samples> {
	await mkdir(folder, { recursive: true });
	return {
		icon: await made(join(folder, 'icon.png'), drawIcon),
		photo: await made(join(folder, 'photo.jpg'), drawPhoto),
		recording: await made(join(folder, 'recording.wav'), recordTone),
	};
}

/** Makes a file under another name first, so that an interrupted start leaves no half file. */
async function made(path: string, make: (path: string) => Promise<unknown>): Promise<string> {
	const isThere = await stat(path).then(
		() => true,
		() => false,
	);
	if (!isThere) {
		await make(`${path}.part`);
		await rename(`${path}.part`, path);
	}
	return path;
}

async function drawIcon(path: string): Promise<void> {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="640">
		<rect width="640" height="640" rx="96" fill="#f6b73c"/>
		<circle cx="320" cy="250" r="130" fill="#fff"/><path d="M120 560a200 200 0 0 1 400 0z" fill="#fff"/>
	</svg>`;
	await sharp(Buffer.from(svg)).png().toFile(path);
}

/** Hills under an evening sky, with the grain that makes real photos large. */
async function drawPhoto(path: string): Promise<void> {
	const [width, height] = [3600, 2400];
	const grain = await sharp({
		create: {
			width,
			height,
			channels: 3,
			background: '#808080',
			noise: { type: 'gaussian', mean: 128, sigma: 32 },
		},
	})
		.png()
		.toBuffer();
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
		<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#22335c"/><stop offset=".7" stop-color="#f29e6d"/></linearGradient></defs>
		<rect width="100%" height="100%" fill="url(#sky)"/>
		<circle cx="2500" cy="1350" r="190" fill="#ffe3a8"/>
		<path d="M0 1700 Q900 1150 1800 1650 T3600 1500 V2400 H0z" fill="#3d4f6b"/>
		<path d="M0 2000 Q1200 1500 2200 1950 T3600 1850 V2400 H0z" fill="#1f2b3d"/>
	</svg>`;
	await sharp(Buffer.from(svg))
		.composite([{ input: grain, blend: 'soft-light' }])
		.jpeg({ quality: 94 })
		.toFile(path);
}

/** A WAV file of 64 MB: 16 bit, stereo, 44.1 kHz, a tone that slowly rises. */
async function recordTone(path: string): Promise<void> {
	const rate = 44_100;
	const bytes = 64_000_000;
	const header = Buffer.alloc(44);
	header.write('RIFF', 0);
	header.writeUInt32LE(36 + bytes, 4);
	header.write('WAVEfmt ', 8);
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(1, 20);
	header.writeUInt16LE(2, 22);
	header.writeUInt32LE(rate, 24);
	header.writeUInt32LE(rate * 4, 28);
	header.writeUInt16LE(4, 32);
	header.writeUInt16LE(16, 34);
	header.write('data', 36);
	header.writeUInt32LE(bytes, 40);
	function* sound(): Generator<Buffer> {
		yield header;
		const second = Buffer.alloc(rate * 4);
		for (let written = 0, sample = 0; written < bytes; written += second.length) {
			for (let offset = 0; offset < second.length; offset += 4, sample++) {
				const level = Math.sin((sample * (220 + sample / 80_000) * 2 * Math.PI) / rate) * 12_000;
				second.writeInt16LE(level | 0, offset);
				second.writeInt16LE(level | 0, offset + 2);
			}
			yield Buffer.from(second.subarray(0, Math.min(second.length, bytes - written)));
		}
	}
	await pipeline(Readable.from(sound()), createWriteStream(path));
}
