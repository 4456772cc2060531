import type { JsonValue } from '../../../nodes/shared/api/json';
import type { OpenApiDocument } from '../../../nodes/shared/api/shapes';
import { readOutput } from '../../../nodes/shared/outputs/shape';

const schema = (Output: object): OpenApiDocument => ({
	components: { schemas: { Output: Output as never } },
});
const uri = { type: 'string', format: 'uri' };
const A = 'https://replicate.delivery/a.png';
const B = 'https://replicate.delivery/b.png';

describe('readOutput', () => {
	it('takes an address with blanks for a file only where the schema says that it is one', () => {
		const song = 'https://replicate.delivery/x/my song.mp3';
		expect(readOutput(song, schema(uri)).files).toEqual([{ url: song }]);
		expect(readOutput([song], schema({ type: 'array', items: uri })).files).toHaveLength(1);
		for (const text of [song, `${song}\nand more`]) expect(readOutput(text).files).toEqual([]);
		expect(readOutput(`${song}\nand more`, schema(uri)).files).toEqual([]);
	});

	it('tells what a schema calls a file and is no address, and nothing else', () => {
		const path = '/src/out.png';
		const noted = (output: JsonValue, Output?: object) =>
			readOutput(output, Output && schema(Output)).notAddresses;
		expect(noted(path, uri)).toEqual([{ url: path }]);
		expect(readOutput(path, schema(uri)).text).toBe(path);
		expect(noted([A, path, ''], { type: 'array', items: uri })).toEqual([{ url: path }]);
		const mask = { type: 'object', properties: { mask: uri, name: { type: 'string' } } };
		expect(noted({ mask: path, name: path }, mask)).toEqual([{ key: 'mask', url: path }]);
		expect(noted(path)).toBeUndefined();
		expect(noted(path, { anyOf: [uri, { type: 'string' }] })).toBeUndefined();
		expect(noted(null, uri)).toBeUndefined();
		const many = readOutput(Array<string>(2_000).fill(path), schema({ type: 'array', items: uri }));
		expect([many.notAddresses!.length, many.hasMore]).toEqual([1_000, true]);
	});

	it.each<[string, JsonValue, Array<{ key?: string; url: string }>]>([
		['a URL', A, [{ url: A }]],
		['a list', [A, B], [{ url: A }, { url: B }]],
		['a nested list', [[A], [B]], [{ url: A }, { url: B }]],
		[
			'an object',
			{ image: A, mask: B },
			[
				{ key: 'image', url: A },
				{ key: 'mask', url: B },
			],
		],
		[
			'lists in objects',
			{ frames: [A, B], seed: 7 },
			[
				{ key: 'frames', url: A },
				{ key: 'frames', url: B },
			],
		],
		[
			'objects in lists',
			[{ file: A }, { file: B }],
			[
				{ key: 'file', url: A },
				{ key: 'file', url: B },
			],
		],
		['a data URI', 'data:image/png;base64,AAAA', [{ url: 'data:image/png;base64,AAAA' }]],
		['nothing', null, []],
		['a number', 5, []],
	])('finds files in %s', (_name, output, files) => {
		expect(readOutput(output).files).toEqual(files.map(({ key, url }) => ({ key, url })));
	});

	it('tells no text where there are files', () => {
		expect(readOutput(A)).toStrictEqual({ files: [{ key: undefined, url: A }] });
		expect(readOutput([A, 'text'])).toStrictEqual({ files: [{ key: undefined, url: A }] });
	});

	it('finds files over http as well, whose download says what is wrong with them', () => {
		expect(readOutput('HTTP://a.b/c.png').files).toHaveLength(1);
	});

	it('looks through 32 levels of lists and objects', () => {
		const nested = (levels: number): JsonValue => {
			let value: JsonValue = A;
			for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { file: value };
			return value;
		};
		expect(readOutput(nested(32)).files).toHaveLength(1);
		expect(readOutput(nested(33)).files).toHaveLength(0);
	});

	it('calls a URL text where the schema says text', () => {
		expect(readOutput(A, schema({ type: 'string' }))).toEqual({ files: [], text: A });
		expect(
			readOutput(
				{ link: A, image: B },
				schema({ type: 'object', properties: { link: { type: 'string' }, image: uri } }),
			).files,
		).toEqual([{ key: 'image', url: B }]);
	});

	it('calls the URLs in a list text where the schema says that of its elements', () => {
		const links = { type: 'array', items: { type: 'string' } };
		expect(readOutput([A, B], schema(links))).toStrictEqual({ files: [] });
		const either = { type: 'array', items: { anyOf: [{ type: 'string' }, uri] } };
		expect(readOutput([A, B], schema(either)).files).toHaveLength(2);
		expect(readOutput([A], schema({ type: 'array', items: 'broken' })).files).toHaveLength(1);
	});

	it('goes by the value where the schema does not fit it', () => {
		expect(readOutput([A], schema(uri)).files).toHaveLength(1);
		expect(
			readOutput({ x: A }, schema({ type: 'array', items: { type: 'string' } })).files,
		).toHaveLength(1);
		expect(readOutput(A, schema({})).files).toHaveLength(1);
	});

	it('follows references and alternatives', () => {
		const document: OpenApiDocument = {
			components: {
				schemas: {
					Output: { $ref: '#/components/schemas/ModelOutput' },
					ModelOutput: {
						type: 'object',
						properties: {
							text: { anyOf: [{ type: 'string' }, { type: 'null' }] },
							file: { allOf: [uri] },
						},
					},
				},
			},
		};
		expect(readOutput({ text: A, file: B }, document).files).toEqual([{ key: 'file', url: B }]);
	});

	it('ends on a schema that refers to itself', () => {
		const document = schema({ $ref: '#/components/schemas/Output' });
		expect(readOutput([[A]], document).files).toHaveLength(1);
	});

	it('joins tokens, but not a list of captions', () => {
		const tokens = {
			type: 'array',
			items: { type: 'string' },
			'x-cog-array-display': 'concatenate',
		};
		const captions = { type: 'array', items: { type: 'string' } };
		expect(readOutput(['a', ' b'], schema(tokens)).text).toBe('a b');
		expect(readOutput(['a', ' b']).text).toBe('a b');
		expect(readOutput(['a', ' b'], schema(captions)).text).toBeUndefined();
		for (const data of [[1, 2], ['a', 1], []])
			expect(readOutput(data)).toStrictEqual({ files: [] });
	});

	it.each([
		'hello https://a.b',
		'https://a.b c',
		'xhttps://a.b',
		'my data:,x',
		'ftp://a/b',
		'https://',
		'data:',
		'data: 12 cats, 3 dogs',
		'file:///etc/passwd',
		'//a.b/c',
	])('takes no file from "%s"', (text) => {
		expect(readOutput(text)).toEqual({ files: [], text });
	});
});
