import fc from 'fast-check';
import { Readable } from 'node:stream';
import {
	isBinaryObject,
	sentFileName,
	sha256,
	toBinaryFile,
	type BinaryStore,
} from '../../../nodes/shared/files/binaryFile';
import { chosenName } from '../../../nodes/shared/outputs/fileNames';
import { nameAndType } from '../../../nodes/shared/outputs/names';
import { wordsOfRejected } from '../errorWords';

const store: BinaryStore = {
	getBinaryStream: async () => Readable.from([Buffer.from('stored')]),
	getBinaryDataBuffer: async (_itemIndex, binary) => {
		// As n8n 1.120 tells a file from the name of one.
		if (!('data' in binary && 'mimeType' in binary)) throw new Error('not binary data');
		return Buffer.from(`stored ${binary.id}`);
	},
	getBinaryMetadata: async () => ({ fileSize: 6 }),
};

describe('sentFileName', () => {
	it.each([
		['photo.jpg', 'photo.jpg'],
		['C:\\folder\\photo.jpg', 'photo.jpg'],
		['../../etc/passwd', 'passwd'],
		['größe.png', 'größe.png'],
		['a\r\nContent-Type: evil.png', 'aContent-Type: evil.png'],
		['say "hi".txt', "say 'hi'.txt"],
		['', 'file'],
		['folder/', 'file'],
	])('%j → %j', (name, sent) => {
		expect(sentFileName(name)).toBe(sent);
	});

	it('adds a missing extension', () => {
		expect(sentFileName('photo', 'jpg')).toBe('photo.jpg');
		expect(sentFileName('photo.png', 'jpg')).toBe('photo.png');
		expect(sentFileName('v1.', 'jpg')).toBe('v1..jpg');
	});

	it('takes no path, quote or line break for an extension', () => {
		for (const extension of ['../../x', 'png"\r\nX-Evil: 1', 'a b', '\u202egnp', '']) {
			expect(sentFileName('photo', extension)).toBe('photo');
		}
	});

	it('is always one safe part of at most 255 bytes, and stays the same when it is sent again', () => {
		// Of all characters, those that matter would hardly ever come.
		const parts = fc.oneof(
			fc.constantFrom('/', '\\', '..', '.', '"', '\0', '\r\n', '\u202e', ' '),
			fc.string({ unit: 'binary', maxLength: 60 }),
		);
		const names = fc.array(parts, { maxLength: 8 }).map((some) => some.join(''));
		fc.assert(
			fc.property(names, (name) => {
				const sent = sentFileName(`${name}.${name.slice(0, 12)}`);
				expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(255);
				expect(sent).toMatch(/^[^\\/"\p{Cc}\p{Bidi_Control}]+$/u);
				expect(['.', '..']).not.toContain(sent);
				expect(sentFileName(sent)).toBe(sent.trim());
			}),
			{ seed: 8, numRuns: 2_000 },
		);
		expect(Buffer.byteLength(sentFileName(`${'a'.repeat(300)}.${'ä'.repeat(10)}`))).toBe(255);
	});

	it('cuts to 255 bytes between characters, and keeps the extension', () => {
		const sent = sentFileName(`${'ä'.repeat(300)}.webp`);
		expect(Buffer.byteLength(sent)).toBe(255);
		expect(sent).toMatch(/^ä+\.webp$/);
		expect(sentFileName(` ${'b'.repeat(255)} `)).toBe('b'.repeat(255));
		expect(sentFileName(`.${'b'.repeat(300)}`)).toBe(`.${'b'.repeat(254)}`);
	});

	it('has room for an extension that only its type gives, also of 255 bytes without one', () => {
		const name = 'a'.repeat(255);
		expect(sentFileName(name, 'png')).toBe(`${'a'.repeat(251)}.png`);
		const output = nameAndType({ stem: chosenName(name, 0), contentType: 'image/jpeg' });
		expect(output.fileName).toBe(`${'a'.repeat(251)}.jpg`);
		const next = nameAndType({ stem: chosenName(name, 999), contentType: 'image/jpeg' });
		expect(next.fileName).toBe(`${'a'.repeat(215)}_999.jpg`);
	});

	it('keeps an extension of up to 32 bytes, and no dot and its end that is longer', () => {
		const extension = 'e'.repeat(31);
		expect(sentFileName(`${'a'.repeat(300)}.${extension}`)).toBe(`${'a'.repeat(223)}.${extension}`);
		expect(sentFileName(`${'a'.repeat(300)}.${extension}e`)).toBe('a'.repeat(255));
	});
});

describe('toBinaryFile', () => {
	it('asks the store for the size where n8n is older than 2.5', async () => {
		const file = await toBinaryFile(
			{ id: 'filesystem:1', data: 'filesystem', mimeType: 'a/b' },
			store,
			'x',
		);
		expect(file).toMatchObject({ bytes: 6, storeId: 'filesystem:1', name: 'x', mimeType: 'a/b' });
	});

	it.each(['', 'a', 'ab', 'abc', 'abcd'])(
		'knows the size of "%s" in memory without decoding it',
		async (text) => {
			const data = Buffer.from(text).toString('base64');
			const file = await toBinaryFile({ data, mimeType: 'text/plain' }, store, 'x');
			expect(file.bytes).toBe(text.length);
		},
	);

	it('reads a file at once, from the store or from memory', async () => {
		const stored = { id: 'filesystem:1', fileName: 'a.txt', mimeType: '' };
		const inStore = await toBinaryFile(stored as never, store, 'x');
		expect(String(await inStore.read())).toBe('stored filesystem:1');
		const data = Buffer.from('in memory').toString('base64');
		const inMemory = await toBinaryFile({ data, mimeType: 'a/b' }, store, 'x');
		expect(String(await inMemory.read())).toBe('in memory');
	});

	it('decodes a large file in memory piece by piece to the same bytes', async () => {
		const bytes = Buffer.from(Array.from({ length: 2_500_001 }, (_, index) => index % 256));
		const file = await toBinaryFile(
			{ data: bytes.toString('base64'), mimeType: 'a/b' },
			store,
			'x',
		);
		const pieces: Buffer[] = [];
		for await (const piece of await file.open()) pieces.push(piece as Buffer);
		expect(pieces.length).toBeGreaterThan(1);
		expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
		expect(await sha256(file)).toHaveLength(64);
	});

	it.each([
		['', 'photo.png', 'image/png'],
		['image/png\r\nX-Evil: 1', 'photo.webp', 'image/webp'],
		['', 'unknown', 'application/octet-stream'],
		['audio/ogg; codecs=opus', 'a.ogg', 'audio/ogg; codecs=opus'],
	])('with the MIME type %j and the name %j sends %j', async (mimeType, fileName, sent) => {
		const file = await toBinaryFile({ data: '', mimeType, fileName }, store, 'x');
		expect(file.mimeType).toBe(sent);
	});

	it.each([
		[{ mimeType: 'image/png', data: 'eA==' }, true],
		[{ mimeType: 'image/png', id: 'a', fileName: null, bytes: 1 }, true],
		[{ mimeType: 'image/png', fileSize: '1 kB' }, true],
		[{ mimeType: 'image/png', id: 'a' }, true],
		[{ mimeType: 'image/png', fileName: 'a' }, true],
		[{ mimeType: 'image/png' }, false],
		[{ data: 'eA==' }, false],
		[{ mimeType: 5, data: 'eA==' }, false],
		[{ mimeType: 'image/png', fileName: 7 }, false],
		[{ mimeType: 'image/png', data: [1] }, false],
		[{ mimeType: 'image/png', id: {} }, false],
		[{ mimeType: 'image/png', id: 'a', fileExtension: {} }, false],
		[{ mimeType: 'image/png', id: 'a', bytes: '1' }, false],
		[null, false],
		['data', false],
	])('takes %j for a file: %s', (value, expected) => {
		expect(isBinaryObject(value)).toBe(expected);
	});

	it('gives n8n’s signed URL, where n8n has them', async () => {
		const binary = { id: 'filesystem:1', data: '', mimeType: 'a/b', fileName: 'a' };
		const signing = {
			...store,
			createBinarySignedUrl: ({ id }: { id?: string }) => `signed ${id}`,
		};
		expect((await toBinaryFile(binary, signing, 'x')).signedUrl!()).toBe('signed filesystem:1');
		expect((await toBinaryFile(binary, store, 'x')).signedUrl).toBeUndefined();
		const inMemory = { data: '', mimeType: 'a/b' };
		expect((await toBinaryFile(inMemory, signing, 'x')).signedUrl).toBeUndefined();
	});

	it('opens a stored file by its id, in steps of 256 kB', async () => {
		const asked: unknown[] = [];
		const getBinaryStream = async (...given: unknown[]) => {
			asked.push(given);
			return Readable.from([Buffer.from('x')]);
		};
		const binary = { id: 'filesystem:1', data: '', mimeType: 'a/b', fileExtension: 'txt' };
		const file = await toBinaryFile(binary, { ...store, getBinaryStream }, 'name');
		expect(file.name).toBe('name.txt');
		expect(await sha256(file)).toMatch(/^2d711642/);
		expect(asked).toEqual([['filesystem:1', 262_144]]);
	});

	it('says that n8n cannot read a file that was to be hashed', async () => {
		const getBinaryStream = async () => await Promise.reject(new Error('EIO'));
		const binary = { id: 'filesystem:1', data: '', mimeType: 'a/b', fileName: 'a.txt' };
		const file = await toBinaryFile(binary, { ...store, getBinaryStream }, 'x');
		expect(await wordsOfRejected(sha256(file))).toEqual({
			message: 'n8n could not read the file "a.txt" from its binary store',
			description: 'It may have been removed, or the disk is failing: EIO',
		});
	});

	it('says so when the store has no such file, without the store’s own words', async () => {
		const store = {
			getBinaryMetadata: async () => await Promise.reject(new Error('/root/.n8n/x')),
		};
		const binary = { id: 'filesystem-v2:../../x', mimeType: 'image/png', fileName: 'a.png' };
		const file = toBinaryFile(binary as never, store as never, 'file');
		await expect(file).rejects.toThrow(/^n8n’s binary store has no file "a.png"$/);
	});

	it('says what to do when an expression left the bytes out', async () => {
		const withoutBytes = { mimeType: 'image/png', fileName: 'a.png' } as never;
		expect(await wordsOfRejected(toBinaryFile(withoutBytes, store, 'x'))).toEqual({
			message: 'The file "a.png" was passed without its bytes',
			description: expect.stringContaining('binary field’s name'),
		});
	});
});
