import { Readable } from 'node:stream';
import fc from 'fast-check';
import { toBinaryFile, type BinaryFile } from '../../../nodes/shared/files/binaryFile';
import { multipartBody } from '../../../nodes/shared/files/multipart';

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));

function file(chunks: Buffer[], more: Partial<BinaryFile> = {}): BinaryFile {
	return {
		name: 'a.bin',
		mimeType: 'application/octet-stream',
		bytes: bytes.length,
		open: async () => Readable.from(chunks),
		read: async () => Buffer.concat(chunks),
		...more,
	};
}

async function read(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of body) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks);
}

describe('multipartBody', () => {
	it('has the announced length, one part named content, and the bytes', async () => {
		const { headers, open } = multipartBody(file([bytes]));
		const body = await read(await open());
		expect(body.length).toBe(Number(headers['content-length']));
		expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
		const head = body.subarray(0, body.indexOf('\r\n\r\n')).toString();
		expect(head).toContain('Content-Disposition: form-data; name="content"; filename="a.bin"');
		expect(head).toContain('Content-Type: application/octet-stream');
		expect(body.includes(bytes)).toBe(true);
	});

	it('sends the right bytes of large chunks that begin inside a larger memory', async () => {
		const larger = Buffer.concat([Buffer.alloc(12_345, 0xff), bytes]);
		const { open } = multipartBody(file([larger.subarray(12_345)]));
		expect((await read(await open())).includes(bytes)).toBe(true);
	});

	it('lets no file name and no type add a header, whatever they are', async () => {
		const evil = fc.string({
			unit: fc.constantFrom(
				'a',
				'"',
				'\r',
				'\n',
				'\r\n',
				';',
				':',
				'/',
				'\\',
				'.',
				'%',
				'\u2028',
				'\u202e',
				'ä',
				'\0',
			),
			maxLength: 40,
		});
		await fc.assert(
			fc.asyncProperty(evil, evil, evil, async (fileName, fileExtension, mimeType) => {
				const binary = { fileName, fileExtension, mimeType, data: 'eA==' } as never;
				const sent = await toBinaryFile(binary, {} as never, 'file');
				const { headers, open } = multipartBody(sent);
				const body = (await read(await open())).toString();
				const head = body.slice(0, body.indexOf('\r\n\r\n')).split(/\r\n|\r|\n/);
				expect(head).toEqual([
					expect.stringMatching(/^--/),
					expect.stringMatching(
						/^Content-Disposition: form-data; name="content"; filename="[^"]*"$/,
					),
					expect.stringMatching(/^Content-Type: [\w./+;= -]+$/),
					...(head.length > 3 ? [expect.stringMatching(/^Content-Length: 1$/)] : []),
				]);
				expect(Number(headers['content-length'])).toBe(Buffer.byteLength(body));
			}),
			{ seed: 8, numRuns: 500 },
		);
	});

	it('can be opened again for another try', async () => {
		const { open } = multipartBody(file([bytes]));
		expect((await read(await open())).equals(await read(await open()))).toBe(true);
	});

	it.each([
		['is gone', { open: async () => await Promise.reject(new Error('ENOENT')) }],
		[
			'breaks',
			{
				open: async () =>
					Readable.from(
						(function* () {
							yield bytes;
							throw new Error('EIO');
						})(),
					),
			},
		],
		['is shorter than n8n said', { bytes: bytes.length + 1 }],
	])('says that n8n could not read the file when it %s', async (_name, more) => {
		const body = multipartBody(file([bytes], more as Partial<BinaryFile>));
		await expect(body.open().then(read)).rejects.toThrow(
			'n8n could not read the file "a.bin" from its binary store',
		);
	});

	it('lets go of the file when the body is aborted', async () => {
		const stream = Readable.from([bytes, bytes]);
		const body = await multipartBody(file([], { open: async () => stream })).open();
		for await (const chunk of body) {
			expect(chunk.length).toBeGreaterThan(0);
			break;
		}
		expect(stream.destroyed).toBe(true);
	});
});
