import { createHash } from 'node:crypto';
import type { INodeExecutionData } from 'n8n-workflow';
import { fileInput, runModel, startWorld, type World } from './world';

const MiB = 1024 * 1024;

interface Received {
	name: string;
	mime_type: string;
	size: number;
	sha256: string;
}

describe.each(['filesystem', 'default'] as const)('files, with binary data in %s mode', (mode) => {
	let world: World;

	beforeAll(async () => (world = await startWorld(mode)));
	afterAll(async () => await world.stop());

	const uploads = () => world.sandbox.files.list('sandbox');
	const lastInput = () => world.sandbox.predictions.all.at(-1)!.input;
	const received = (item: INodeExecutionData) => item.json.output as unknown as Received[];
	const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
	const checksum = (more = {}) => ({
		parameters: runModel('sandbox/checksum', { ...fileInput('file'), ...more }),
	});

	it('sends a file under 1 MB as a data URI with its MIME type', async () => {
		const bytes = Buffer.alloc(999_999, 'a');
		const before = uploads().length;
		const { items } = await world.run(checksum(), [
			await world.fileItem(bytes, 'a.txt', 'text/plain'),
		]);
		expect(received(items[0]!)).toEqual([
			{ name: 'file', mime_type: 'text/plain', size: 999_999, sha256: sha256(bytes) },
		]);
		expect(lastInput().file).toMatch(/^data:text\/plain;base64,/);
		expect(uploads()).toHaveLength(before);
	});

	it('uploads a file of 1 MB with its real name and MIME type, every byte intact', async () => {
		const bytes = Buffer.from(
			Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) % 251),
		);
		const item = await world.fileItem(bytes, 'größe "1".png', 'image/png');
		const { items } = await world.run(checksum(), [item]);
		expect(received(items[0]!)).toEqual([
			{ name: "größe '1'.png", mime_type: 'image/png', size: 1_000_000, sha256: sha256(bytes) },
		]);
		expect(lastInput().file).toBe(`${world.sandbox.baseUrl}/files/${uploads()[0]!.id}`);
	});

	it('uploads a file of several MiB that arrives in one large piece intact', async () => {
		const bytes = Buffer.from(Array.from({ length: 5 * MiB }, (_, index) => (index * 31) % 253));
		const { items } = await world.run(checksum(), [
			await world.fileItem(bytes, 'a.bin', 'application/octet-stream'),
		]);
		expect(received(items[0]!)[0]).toMatchObject({ size: 5 * MiB, sha256: sha256(bytes) });
	});

	it('sends an empty file', async () => {
		const item = await world.fileItem(Buffer.alloc(0), 'empty.txt', 'text/plain');
		const { items } = await world.run(checksum(), [item]);
		expect(received(items[0]!)[0]).toMatchObject({ size: 0, sha256: sha256(Buffer.alloc(0)) });
	});

	it('passes a hosted URL on untouched', async () => {
		const url = await world.sandbox.delivery.host('hosted file.txt', Buffer.from('hosted'));
		const before = uploads().length;
		const { items } = await world.run({
			parameters: runModel('sandbox/checksum', { inputJson: `{"file":"${url}"}` }),
		});
		expect(received(items[0]!)[0]).toMatchObject({
			name: 'hosted file.txt',
			sha256: sha256(Buffer.from('hosted')),
		});
		expect(lastInput().file).toBe(url);
		expect(uploads()).toHaveLength(before);
	});

	it('uploads the same bytes in several items once', async () => {
		const bytes = Buffer.alloc(2 * MiB, 'same');
		const before = uploads().length;
		const items = await Promise.all(
			['a.bin', 'b.bin', 'c.bin'].map(
				async (name) => await world.fileItem(bytes, name, 'application/octet-stream'),
			),
		);
		const other = await world.fileItem(
			Buffer.alloc(2 * MiB, 'else'),
			'd.bin',
			'application/octet-stream',
		);
		const result = await world.run(checksum(), [...items, other]);
		expect(result.items.map((item) => received(item)[0]!.sha256)).toEqual([
			...items.map(() => sha256(bytes)),
			sha256(Buffer.alloc(2 * MiB, 'else')),
		]);
		expect(uploads()).toHaveLength(before + 2);
	});

	it('keeps all inlined files of one prediction under the limit together', async () => {
		const sizes = [700_000, 200_000, 250_000];
		const binary: INodeExecutionData['binary'] = {};
		for (const [index, size] of sizes.entries()) {
			const bytes = Buffer.alloc(size, `${index}`);
			binary[`file${index}`] = await world.engine.keep(bytes, `${index}.txt`, 'text/plain');
		}
		const { items } = await world.run(
			{ parameters: runModel('sandbox/checksum', fileInput('files', 'file0, file1,file2')) },
			[{ json: {}, binary }],
		);
		expect(received(items[0]!).map(({ size }) => size)).toEqual(sizes);
		const ways = (lastInput().files as string[]).map((address) => address.slice(0, 4));
		expect(ways).toEqual(['http', 'data', 'data']);
	});

	it('makes a list of one file where the model wants a list', async () => {
		const item = await world.fileItem(Buffer.from('one'), 'one.txt', 'text/plain');
		await world.run({ parameters: runModel('sandbox/checksum', fileInput('files')) }, [item]);
		expect(lastInput().files).toHaveLength(1);
	});

	it('takes the name of a binary field, or a file from an expression, in the JSON input', async () => {
		const item = await world.fileItem(Buffer.from('one'), 'one.txt', 'text/plain');
		const { items } = await world.run(
			{
				parameters: runModel('sandbox/checksum', {
					inputJson: '={{ { file: "data", files: [$("Trigger").item.binary.data] } }}',
				}),
			},
			[item],
		);
		expect(received(items[0]!).map(({ sha256: hash }) => hash)).toEqual([
			sha256(Buffer.from('one')),
			sha256(Buffer.from('one')),
		]);
	});

	it.each([
		['upload', 10, 'http'],
		['dataUri', 2 * MiB, 'data'],
	])('sends every file as %s when asked to', async (fileRouting, size, way) => {
		const item = await world.fileItem(Buffer.alloc(size, 'x'), 'x.txt', 'text/plain');
		await world.run(checksum({ options: { fileRouting } }), [item]);
		expect(String(lastInput().file).slice(0, 4)).toBe(way);
	});

	it.each([
		['in KB', { maxInlineKb: 0.01 }, { maxInlineKb: 0.011 }],
		['in bytes, as older workflows have it', { dataUriMaxBytes: 10 }, { dataUriMaxBytes: 11 }],
		[
			'in KB, where both are set',
			{ maxInlineKb: 0.01, dataUriMaxBytes: 11 },
			{ maxInlineKb: 0.011, dataUriMaxBytes: 10 },
		],
	])('moves the limit between data URI and upload: %s', async (_, below, above) => {
		const item = await world.fileItem(Buffer.alloc(10, 'x'), 'x.txt', 'text/plain');
		await world.run(checksum({ options: below }), [item]);
		expect(String(lastInput().file)).toMatch(/^http/);
		await world.run(checksum({ options: above }), [item]);
		expect(String(lastInput().file)).toMatch(/^data:/);
	});

	it('refuses a file of 101 MiB before a byte is sent, and leaves other items alone', async () => {
		const tooLarge = await world.fileItem(Buffer.alloc(101 * MiB), 'film.mp4', 'video/mp4');
		const small = await world.fileItem(Buffer.from('ok'), 'ok.txt', 'text/plain');
		const before = world.sandbox.requests.length;
		const { items } = await world.run({ ...checksum(), onError: 'continueRegularOutput' }, [
			tooLarge,
			small,
		]);
		expect(items[0]!.json.error).toBe(
			'The file "film.mp4" has 101.0 MiB, and Replicate takes uploads of up to 100 MiB [item 0]',
		);
		expect(items[0]!.json.details).toMatchObject({
			description: expect.stringContaining('https URL'),
		});
		expect(received(items[1]!)[0]).toMatchObject({ size: 2 });
		const sent = world.sandbox.requests
			.slice(before)
			.map(({ method, path }) => `${method} ${path}`);
		expect(sent).toEqual(['GET /v1/models/sandbox/checksum', 'POST /v1/predictions']);
	});

	it('uploads a file for later use', async () => {
		const item = await world.fileItem(Buffer.from('later'), 'later.txt', 'text/plain');
		const { items } = await world.run({ parameters: { resource: 'file', operation: 'upload' } }, [
			item,
		]);
		expect(items[0]!.json).toMatchObject({
			name: 'later.txt',
			content_type: 'text/plain',
			size: 5,
			checksums: { sha256: sha256(Buffer.from('later')) },
		});
		expect(items[0]!.pairedItem).toEqual({ item: 0 });
	});
});
