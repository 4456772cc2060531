import { once } from 'node:events';
import {
	createServer,
	type IncomingHttpHeaders,
	type Server,
	type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { EDITION } from '../../dev/packageName';
import { now } from '../../nodes/shared/api/clock';
import { fetchOutput } from '../../nodes/shared/outputs/download';
import { openTransport } from '../../transports/undici';
import { runModel, startWorld, type World } from './world';

const SIZE = 1_000_000;

/** Output files from servers that break, lie or attack; the model `sandbox/says` outputs anything. */
describe('downloads', () => {
	let world: World;
	let foreign: Server;
	let foreignPort: number;
	let seen: string[] = [];
	let respond: (
		response: ServerResponse,
		path: string,
		range?: string,
		headers?: IncomingHttpHeaders,
	) => void;

	beforeAll(async () => {
		world = await startWorld();
		foreign = createServer((request, response) => {
			seen.push(`${request.method} ${request.url}`);
			expect(request.headers.authorization).toBeUndefined();
			respond(response, request.url!, request.headers.range, request.headers);
		});
		await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
		foreignPort = (foreign.address() as AddressInfo).port;
	});
	afterAll(async () => {
		foreign.closeAllConnections();
		await Promise.all([world.stop(), new Promise((resolve) => foreign.close(resolve))]);
	});
	beforeEach(() => (seen = []));

	const at = (path: string) => `http://127.0.0.1:${foreignPort}${path}`;
	const says = async (output: unknown, more: INodeParameters = {}) => {
		const inputJson = JSON.stringify({ output: JSON.stringify(output) });
		const { items, error } = await world.run({
			parameters: runModel('sandbox/says', { inputJson, ...more }),
			onError: 'continueRegularOutput',
		});
		expect(error).toBeUndefined();
		return items as [INodeExecutionData, ...INodeExecutionData[]];
	};
	const bytesOf = async ({ binary }: INodeExecutionData) => await world.engine.read(binary!.data!);
	const content = Buffer.alloc(SIZE, 'abcdefghij');
	const good = (response: ServerResponse) => {
		response.writeHead(200, { 'content-length': SIZE, 'content-type': 'image/png' }).end(content);
	};

	describe('that break', () => {
		it('are taken up where they broke, when the server can', async () => {
			respond = (response, _path, range) => {
				const headers = { etag: '"1"', 'accept-ranges': 'bytes', 'content-type': 'image/png' };
				const from = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
				if (range) headers['content-range' as never] = `bytes ${from}-${SIZE - 1}/${SIZE}` as never;
				response.writeHead(range ? 206 : 200, { ...headers, 'content-length': SIZE - from });
				response.write(content.subarray(from, from + 400_000));
				if (from + 400_000 >= SIZE) response.end();
				else setTimeout(() => response.destroy(), 30);
			};
			const [item] = await says(at('/a.png'));
			expect((await bytesOf(item)).equals(content)).toBe(true);
			expect(seen).toHaveLength(3);
		});

		it('are begun again, and not put together of two files, when another file is there by then', async () => {
			const changed = Buffer.alloc(SIZE, 'ABCDEFGHIJ');
			let tries = 0;
			// As RFC 9110 has it: a range is for the file that `If-Range` names, or for any without it.
			respond = (response, _path, range, headers) => {
				tries += 1;
				const file = tries === 1 ? content : changed;
				const etag = tries === 1 ? '"1"' : '"2"';
				const isPart = range !== undefined && (headers!['if-range'] ?? etag) === etag;
				const from = isPart ? Number(/\d+/.exec(range)![0]) : 0;
				response.writeHead(isPart ? 206 : 200, {
					...{ etag, 'accept-ranges': 'bytes', 'content-type': 'image/png' },
					'content-length': SIZE - from,
					...(isPart ? { 'content-range': `bytes ${from}-${SIZE - 1}/${SIZE}` } : {}),
				});
				if (tries > 1) return void response.end(file.subarray(from));
				response.write(file.subarray(0, 400_000));
				setTimeout(() => response.destroy(), 30);
			};
			const [item] = await says(at('/a.png'));
			expect((await bytesOf(item)).equals(changed)).toBe(true);
		});

		it('are begun again, when the server cannot give a part', async () => {
			let tries = 0;
			respond = (response) => {
				tries += 1;
				if (tries > 2) return good(response);
				response.writeHead(200, { 'content-length': SIZE, 'content-type': 'image/png' });
				response.write(content.subarray(0, 400_000));
				setTimeout(() => response.destroy(), 30);
			};
			const [item] = await says(at('/a.png'));
			expect((await bytesOf(item)).equals(content)).toBe(true);
		});

		it('are never kept in part: the item says how to get them again', async () => {
			respond = (response) => {
				response.writeHead(200, { 'content-length': SIZE, 'content-type': 'image/png' });
				response.write(content.subarray(0, 400_000));
				setTimeout(() => response.destroy(), 5);
			};
			const [item] = await says(at('/a.png'));
			expect(item.binary).toBeUndefined();
			expect(item.json.error).toMatch(/^The prediction succeeded, but its output file could not/);
			const { predictionId, description } = item.json.details as Record<string, string>;
			expect(description).toContain(predictionId);
		});
	});

	it('that stall are begun again', async () => {
		let tries = 0;
		respond = (response) => {
			tries += 1;
			if (tries > 1) return good(response);
			response.writeHead(200, { 'content-length': SIZE, 'content-type': 'image/png' });
			response.write(content.subarray(0, 1_000));
		};
		const kept = await fetchOutput(at('/a.png'), {
			transport: openTransport(),
			hosts: { baseUrl: new URL(world.sandbox.baseUrl), more: [] },
			keep: async (bytes, fileName, mimeType) => await world.engine.keep(bytes, fileName, mimeType),
			nameFile: () => 'a',
			pauseMs: 300,
			until: now() + 20_000,
		});
		expect((await world.engine.read(kept as IBinaryData)).equals(content)).toBe(true);
		expect(tries).toBe(2);
	});

	it('end with the first of them that cannot be had', async () => {
		const closed: Array<Promise<unknown>> = [];
		respond = (response, path) => {
			if (path === '/gone.png') return void setTimeout(() => response.writeHead(404).end(), 200);
			closed.push(once(response, 'close'));
			response.writeHead(200, { 'content-type': 'image/png', 'content-length': SIZE });
			const drip = setInterval(() => response.write(Buffer.alloc(5_000)), 100);
			response.on('close', () => clearInterval(drip));
		};
		const [item] = await says(['/a.png', '/b.png', '/gone.png', '/c.png', '/d.png'].map(at));
		expect(item.json.error).toContain('/gone.png');
		await Promise.all(closed);
		expect(seen).not.toContain('GET /d.png');
	});

	it('that n8n cannot store are fetched once, and hold no connection', async () => {
		let tries = 0;
		let closed: Promise<unknown> | undefined;
		respond = (response) => {
			tries += 1;
			closed = once(response, 'close');
			response.writeHead(200, { 'content-length': 50 * SIZE, 'content-type': 'image/png' });
			for (let part = 0; part < 50; part++) response.write(content);
		};
		const kept = fetchOutput(at('/a.png'), {
			transport: openTransport(),
			hosts: { baseUrl: new URL(world.sandbox.baseUrl), more: [] },
			keep: async () => await Promise.reject(new Error('ENOSPC: no space left on device')),
			nameFile: () => 'a',
			until: now() + 20_000,
		});
		await expect(kept).rejects.toThrow(
			'n8n could not store the file "a.png": ENOSPC: no space left on device',
		);
		expect(tries).toBe(1);
		await closed;
	});

	it('that are shorter or longer than announced are never kept', async () => {
		for (const length of [SIZE + 1, SIZE - 1]) {
			respond = (response) => {
				response.socket!.end(
					Buffer.concat([
						Buffer.from(
							`HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: ${length}\r\n\r\n`,
						),
						content,
					]),
				);
			};
			const [item] = await says(at('/a.png'));
			const kept = item.binary ? await bytesOf(item) : undefined;
			// A client cannot see bytes beyond the announced ones: those before are the whole file.
			expect(kept?.length ?? length).toBe(length);
			if (length > SIZE)
				expect(item.json.error).toMatch(/^The prediction succeeded, but its output/);
		}
	});

	it.each([
		['in MB', { maxFileMb: (SIZE - 1) / 1_000_000 }],
		['in bytes, as older workflows have it', { maxFileBytes: SIZE - 1 }],
		['in MB, where both are set', { maxFileMb: (SIZE - 1) / 1_000_000, maxFileBytes: SIZE }],
	])('larger than allowed stay URLs, announced or not: %s', async (_, options) => {
		respond = good;
		const [announced] = await says(at('/a.png'), { options });
		expect(announced.binary).toBeUndefined();
		expect(announced.json).toMatchObject({
			status: 'succeeded',
			files: [
				{
					url: at('/a.png'),
					note: 'Not downloaded: it has 1 MB, and Options → Max Output File Size allows 0.999999 MB',
				},
			],
		});
		respond = (response) => response.writeHead(200).end(content);
		const [endless] = await says(at('/b.png'), { options });
		expect(endless.binary).toBeUndefined();
		expect(endless.json.files).toMatchObject([
			{ note: expect.stringContaining('it has more than the 0.999999 MB') },
		]);
		const [inline] = await says(`data:image/png;base64,${content.toString('base64')}`, { options });
		expect(inline.json.files).toMatchObject([{ note: expect.stringContaining('it has 1 MB') }]);
	});

	it('that are compressed never become larger than allowed', async () => {
		const bomb = gzipSync(Buffer.alloc(20 * SIZE));
		respond = (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
		const [item] = await says(at('/bomb.png'), { options: { maxFileBytes: SIZE } });
		expect(item.binary).toBeUndefined();
		expect(item.json.files).toMatchObject([{ note: expect.stringMatching(/^Not downloaded: /) }]);
	});

	// n8n's own helper, with which the cloud edition sends, unpacks them unasked.
	const onlySelfHosted = EDITION === 'cloud' ? it.skip : it;
	onlySelfHosted('that are packed stay URLs: nothing is unpacked here', async () => {
		respond = (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(content);
		const [item] = await says(at('/bomb.png'));
		expect(item.json.files).toMatchObject([{ note: 'Not downloaded: it is compressed as gzip' }]);
	});

	it('follow redirects to allowed hosts, and no others', async () => {
		respond = (response, path) =>
			path === '/there.png'
				? good(response)
				: response.writeHead(302, { location: decodeURIComponent(path.slice(1)) }).end();
		const via = (target: string) => at(`/${encodeURIComponent(target)}`);
		expect((await says(via('/there.png')))[0].binary).toBeDefined();
		for (const target of [
			'http://169.254.169.254/latest/meta-data/',
			`http://localhost:${foreignPort}/there.png`,
			'file:///etc/passwd',
			'https://replicate.delivery.evil.example/x',
			'http://[::1]/x',
		]) {
			const [item] = await says(via(target));
			expect(item.binary).toBeUndefined();
			expect(item.json.files).toMatchObject([{ note: expect.stringContaining('redirects to') }]);
		}
		respond = (response) => response.writeHead(302, { location: '/again' }).end();
		expect((await says(at('/again')))[0].json.files).toMatchObject([
			{ note: 'Not downloaded: more than 5 redirects' },
		]);
	});

	it('never reach inside, in whatever notation', async () => {
		const inside = [
			'http://169.254.169.254/latest/meta-data/',
			'http://metadata.google.internal/x',
			`http://localhost:${foreignPort}/x`,
			`http://127.1:${foreignPort + 1}/../x`,
			`http://[::1]:${foreignPort}/x`,
			`http://[::ffff:7f00:1]:${foreignPort}/x`,
			`http://0.0.0.0:${foreignPort}/x`,
			`http://127.0.0.1.nip.example:${foreignPort}/x`,
			`http://127.0.0.2:${foreignPort}/x`,
			`http://user@127.0.0.1:${foreignPort}/x`,
			'http://10.0.0.1/x',
			'https://192.168.1.1/x',
		];
		respond = good;
		const [item] = await says(inside.filter((address) => !address.includes('127.1:')));
		expect(item.binary).toBeUndefined();
		expect(item.json.files).toHaveLength(inside.length - 1);
		for (const file of item.json.files as Array<{ note: string }>) {
			expect(file.note).toMatch(/^Not downloaded: /);
		}
		expect(seen).toEqual([]);
	});

	it('leave other schemes alone', async () => {
		const [item] = await says(['file:///etc/passwd', 'ftp://127.0.0.1/x', 'javascript:alert(1)']);
		expect(item.binary).toBeUndefined();
		expect(item.json.files).toEqual([]);
	});

	it('take no more than a thousand files, and no depth that breaks the item', async () => {
		const many = Array.from({ length: 10_000 }, (_, n) => `https://elsewhere.example/${n}.png`);
		const [item] = await says(many);
		const files = item.json.files as Array<{ note: string }>;
		expect(files).toHaveLength(1_001);
		expect(files[999]!.note).toContain('elsewhere.example is not one of Replicate');
		expect(files[1_000]).toEqual({
			note: 'Not downloaded: the output names more files, and an item takes at most 1000. The URLs of the others are in "output".',
		});
		expect(item.json.output).toHaveLength(10_000);
		let deep: unknown = at('/deep.png');
		for (let depth = 0; depth < 2_000; depth++) deep = [deep];
		const [nested] = await says(deep);
		expect(nested.json).toMatchObject({ status: 'succeeded', files: [] });
	});

	it.each([
		['/..%2f..%2fetc%2fpasswd', 'passwd-ID.png'],
		['/a%00b%0d%0a.png', 'ab-ID.png'],
		['/%2e%2e', 'says-ID.png'],
		['/gnp.%E2%80%AEexe', 'gnp-ID.exe'],
		[`/${'x'.repeat(400)}.png`, `${'x'.repeat(120)}-ID.png`],
		['/fox.webp?X-Signature=../../x', 'fox-ID.png'],
	])('have safe names: %s', async (path, fileName) => {
		respond = good;
		const [item] = await says(at(path));
		expect(item.binary!.data!.fileName).toBe(fileName.replace('ID', String(item.json.id)));
	});

	it('take their name from the server, and their type from header, name or bytes', async () => {
		const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
		respond = (response) =>
			response
				.writeHead(200, { 'content-disposition': `attachment; filename*=UTF-8''k%C3%A4tzchen.png` })
				.end(content);
		expect((await says(at('/x')))[0].binary!.data).toMatchObject({
			fileName: expect.stringMatching(/^kätzchen-\w{26}\.png$/) as string,
			mimeType: 'image/png',
		});
		respond = (response) =>
			response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(png);
		expect((await says(at('/download')))[0].binary!.data).toMatchObject({
			fileName: expect.stringMatching(/^says-\w{26}\.png$/) as string,
			mimeType: 'image/png',
		});
	});

	it('give one item per file, each with its place', async () => {
		respond = good;
		const items = await says(
			{ image: at('/cat.png'), frames: [at('/dog.png'), at('/output.png')] },
			{
				options: { outputItems: 'perFile' },
				binaryField: 'picture',
			},
		);
		expect(items.map(({ json }) => [json.fileIndex, json.fileCount])).toEqual([
			[0, 3],
			[1, 3],
			[2, 3],
		]);
		const { id } = items[0].json;
		expect(items.map(({ binary }) => binary!.picture!.fileName)).toEqual([
			`cat-${String(id)}.png`,
			`dog-${String(id)}.png`,
			`frames-${String(id)}.png`,
		]);
		const [, { json }] = items as [INodeExecutionData, INodeExecutionData];
		expect(json.files).toMatchObject([{ field: 'picture', fileName: `dog-${String(id)}.png` }]);
	});
});
