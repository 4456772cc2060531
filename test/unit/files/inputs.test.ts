import { InlinedFile } from '../../../nodes/shared/api/jsonBody';
import { Readable } from 'node:stream';
import type { IBinaryData } from 'n8n-workflow';
import type { InputObject } from '../../../nodes/shared/api/json';
import {
	findFile,
	findFileInputs,
	sendFiles,
	type FileAssignment,
	type FileInput,
	type ItemFiles,
} from '../../../nodes/shared/files/inputs';
import type { Routing } from '../../../nodes/shared/files/route';
import type { Uploads } from '../../../nodes/shared/files/uploads';
import { modelInputs } from '../../../nodes/shared/schema/modelInputs';
import { wordsOfRejected } from '../errorWords';

const uri = { type: 'string', format: 'uri' };
const uris = { type: 'array', items: uri };

/** The inputs of a model with these properties. */
function inputsOf(properties: object, ...required: string[]) {
	const Input = { type: 'object', properties, required } as never;
	return modelInputs({ components: { schemas: { Input } } })!;
}

/** An item whose binary fields hold their own names. */
function itemWith(...names: string[]): ItemFiles {
	const binary = (name: string): IBinaryData => ({
		id: `store:${name}`,
		data: '',
		mimeType: 'text/plain',
		fileName: `${name}.txt`,
		bytes: name.length,
	});
	return {
		names,
		get: (name) => (names.includes(name) ? binary(name) : undefined),
		store: {
			getBinaryStream: async (id) => Readable.from([Buffer.from(id.slice(6))]),
			getBinaryDataBuffer: async (_index, { id }) => Buffer.from(id!.slice(6)),
			getBinaryMetadata: async () => ({ fileSize: 1 }),
		},
	};
}

/** What was found, in short: names of files, and texts. */
function short(found: FileInput[]) {
	return found.map(({ input, values, list }) => ({
		input,
		values: values.map((value) => (value.kind === 'binary' ? value.file.name : value.text)),
		list,
	}));
}

const image = inputsOf({ image: uri, prompt: { type: 'string' } }, 'image', 'prompt');
const many = inputsOf({ images: uris, mask: uri });

describe('findFileInputs', () => {
	const find = async (
		given: InputObject,
		rows: FileAssignment[],
		inputs: Parameters<typeof findFileInputs>[2],
		item: ItemFiles,
	) => short(await findFileInputs(given, rows, inputs, item));

	it.each<[string, InputObject, FileAssignment[], typeof image | undefined, string[], object[]]>([
		[
			'a binary field by its name',
			{ image: 'photo', prompt: 'photo' },
			[],
			image,
			['photo', 'other'],
			[{ input: 'image', values: ['photo.txt'], list: false }],
		],
		[
			'an address',
			{ image: 'https://a.b/c,d.png' },
			[],
			image,
			[],
			[{ input: 'image', values: ['https://a.b/c,d.png'], list: false }],
		],
		[
			'a data URI, and addresses of any scheme',
			{ images: ['data:,x', 's3://a/b'] },
			[],
			many,
			[],
			[{ input: 'images', values: ['data:,x', 's3://a/b'], list: true }],
		],
		[
			'names with commas for a list',
			{ images: ' a, b ,,https://a.b/c' },
			[],
			many,
			['a', 'b'],
			[{ input: 'images', values: ['a.txt', 'b.txt', 'https://a.b/c'], list: true }],
		],
		[
			'one address with a comma for a list',
			{ images: 'https://a.b/c,d.png' },
			[],
			many,
			[],
			[{ input: 'images', values: ['https://a.b/c,d.png'], list: true }],
		],
		[
			'what is given beside a row for another input',
			{ mask: 'b' },
			[{ input: 'images', binaryFields: 'a' }],
			many,
			['a', 'b'],
			[
				{ input: 'mask', values: ['b.txt'], list: false },
				{ input: 'images', values: ['a.txt'], list: true },
			],
		],
		[
			'the only file once, even if it stands beside addresses',
			{ images: 'https://a.b/c' },
			[{ input: 'images', binaryFields: ['https://a.b/c', 'a'] }],
			inputsOf({ images: uris, mask: uri }, 'mask'),
			['a'],
			[{ input: 'images', values: ['https://a.b/c', 'a.txt'], list: true }],
		],
		[
			'a list of one',
			{ images: 'a' },
			[],
			many,
			['a'],
			[{ input: 'images', values: ['a.txt'], list: true }],
		],
		[
			'a field whose name has a comma, for one file',
			{ mask: 'a,b' },
			[],
			many,
			['a,b'],
			[{ input: 'mask', values: ['a,b.txt'], list: false }],
		],
		[
			'the only file for the only empty input that needs one',
			{ prompt: 'x' },
			[],
			image,
			['photo'],
			[{ input: 'image', values: ['photo.txt'], list: false }],
		],
		[
			'the only file beside an address elsewhere',
			{ image: 'https://a.b/c' },
			[],
			inputsOf({ image: uri, mask: uri }, 'image', 'mask'),
			['photo'],
			[
				{ input: 'image', values: ['https://a.b/c'], list: false },
				{ input: 'mask', values: ['photo.txt'], list: false },
			],
		],
		['no file for an input that may stay empty', {}, [], many, ['photo'], []],
		[
			'no file where two inputs need one',
			{},
			[],
			inputsOf({ image: uri, mask: uri }, 'image', 'mask'),
			['photo'],
			[],
		],
		['no file where the item has two', {}, [], image, ['a', 'b'], []],
		[
			'no file twice',
			{ mask: 'photo' },
			[],
			inputsOf({ image: uri, mask: uri }, 'image'),
			['photo'],
			[{ input: 'mask', values: ['photo.txt'], list: false }],
		],
		['nothing in what is empty', { mask: '', images: null }, [], many, ['a', 'b'], []],
		[
			'a row of File Inputs, which wins',
			{ image: 'a' },
			[{ input: 'image', binaryFields: 'b' }],
			image,
			['a', 'b'],
			[{ input: 'image', values: ['b.txt'], list: false }],
		],
		[
			'a row for an input that the schema calls text',
			{},
			[{ input: 'prompt', binaryFields: 'a' }],
			inputsOf({ prompt: { type: 'string' } }),
			['a'],
			[{ input: 'prompt', values: ['a.txt'], list: false }],
		],
		[
			'rows where the schema is not known: several names are a list',
			{},
			[
				{ input: 'x', binaryFields: 'a,b' },
				{ input: 'y', binaryFields: 'a' },
			],
			undefined,
			['a', 'b'],
			[
				{ input: 'x', values: ['a.txt', 'b.txt'], list: true },
				{ input: 'y', values: ['a.txt'], list: false },
			],
		],
		[
			'no file in rows that are empty',
			{},
			[{ input: '', binaryFields: '' }],
			undefined,
			['a', 'b'],
			[],
		],
		['no file in text where the schema is not known', { image: 'a' }, [], undefined, ['a'], []],
	])('finds %s', async (_what, given, rows, inputs, names, found) => {
		expect(await find(given, rows, inputs, itemWith(...names))).toEqual(found);
	});

	it('finds files that an expression gave, whatever the schema says', async () => {
		const item = itemWith('a', 'b');
		const given = { x: item.get('a'), y: [item.get('b'), 'https://a.b/c'], z: [1] };
		expect(await find(given as never, [], undefined, item)).toEqual([
			{ input: 'x', values: ['a.txt'], list: false },
			{ input: 'y', values: ['b.txt', 'https://a.b/c'], list: true },
		]);
	});

	it.each<[string, InputObject, FileAssignment[], string, string]>([
		[
			'a field that is not there',
			{ image: 'x' },
			[],
			'The input "image" needs a file, and the item has no binary field "x"',
			"The item's binary fields: a, b. A URL that starts with https:// works as well.",
		],
		[
			'what is no file',
			{ image: 5 },
			[],
			'The input "image" needs a file, and the item has no binary field "5"',
			"The item's binary fields: a, b.",
		],
		[
			'two files for one',
			{ image: ['a', 'b'] },
			[],
			'The input "image" takes one file, and 2 were given',
			'Name one binary field, or split the files into several items.',
		],
		[
			'a row without an input',
			{},
			[{ input: '', binaryFields: 'a' }],
			'File Inputs: the row for the binary field "a" names no input',
			'Fill in both columns of the row, or remove it.',
		],
		[
			'a row without a field',
			{},
			[{ input: 'image', binaryFields: '' }],
			'File Inputs: the row for "image" names no binary field',
			'Fill in both columns of the row, or remove it.',
		],
		[
			'a row for an input that is not there',
			{},
			[{ input: 'imge', binaryFields: 'a' }],
			'File Inputs: the model has no input "imge"',
			'Its file inputs: image.',
		],
	])('refuses %s', async (_what, given, rows, message, description) => {
		const words = await wordsOfRejected(find(given, rows, image, itemWith('a', 'b')));
		expect(words).toMatchObject({
			message,
			description: expect.stringContaining(description) as string,
		});
	});

	it.each([
		[{ input: '', binaryFields: 'a' }, 'The files "a" are not given to any input'],
		[{ input: 'image', binaryFields: '' }, 'No binary field is named for the input "image"'],
	])('says where there is no panel what is missing in the row %j', async (row, message) => {
		await expect(find({}, [row], image, itemWith('a', 'b'))).rejects.toThrow(message);
	});

	it('lists all file inputs of a model', async () => {
		const rows = [{ input: 'x', binaryFields: 'a' }];
		const words = await wordsOfRejected(find({}, rows, many, itemWith('a')));
		expect(words.description).toBe('Its file inputs: images, mask.');
	});

	it('says of a model without files that it takes none', async () => {
		const rows = [{ input: 'x', binaryFields: 'a' }];
		const model = inputsOf({ prompt: { type: 'string' } });
		const words = await wordsOfRejected(find({}, rows, model, itemWith('a')));
		expect(words.description).toBe('It takes no files.');
	});
});

describe('findFile', () => {
	it('says what an item without files lacks, and cuts a long text', async () => {
		const wanted = findFile('The upload', 'x'.repeat(200), itemWith());
		expect(await wordsOfRejected(wanted)).toEqual({
			message: `The upload needs a file, and the item has no binary field "${'x'.repeat(100)}"`,
			description: expect.stringMatching(/^The item carries no files\. /) as string,
		});
	});
});

describe('sendFiles', () => {
	const auto: Routing = { fileRouting: 'auto', dataUriMaxBytes: 4 };
	const baseUrl = new URL('https://api.replicate.com/v1');
	const uploads = {
		upload: async ({ name }: { name: string }, options: object) => ({
			id: `id of ${name}`,
			urls: { get: `https://x/${name}?${JSON.stringify(options)}` },
		}),
		isOwn: () => true,
	} as unknown as Uploads;

	it('puts each file into its place, in the form that its size asks for', async () => {
		const item = itemWith('a', 'large', 'b');
		const given = { images: 'a,large,https://a.b/c', mask: 'b', prompt: 'x' };
		const files = await findFileInputs(given, [], many, item);
		const sent = await sendFiles(given, files, auto, uploads, baseUrl, { until: 5 });
		expect(sent).toEqual({
			input: {
				images: [
					new InlinedFile('text/plain', 'YQ=='),
					'https://x/large.txt?{"until":5}',
					'https://a.b/c',
				],
				mask: new InlinedFile('text/plain', 'Yg=='),
				prompt: 'x',
			},
			uploadIds: ['id of large.txt'],
		});
		expect(given.mask).toBe('b');
	});

	it('gives a list where the model wants one, and one text where it does not', async () => {
		const files = await findFileInputs({ images: 'a', mask: 'a' }, [], many, itemWith('a'));
		const { input } = await sendFiles({}, files, auto, uploads, baseUrl);
		expect(input).toEqual({
			images: [new InlinedFile('text/plain', 'YQ==')],
			mask: new InlinedFile('text/plain', 'YQ=='),
		});
	});

	it('sends the public URL where the builder asks for it', async () => {
		const item = itemWith('a');
		item.store.createBinarySignedUrl = ({ id }) => `https://n8n.example.com/${id}`;
		const files = await findFileInputs({ mask: 'a' }, [], many, item);
		const routing = { ...auto, fileRouting: 'publicUrl' } as const;
		const { input, uploadIds } = await sendFiles({}, files, routing, uploads, baseUrl);
		expect(input).toEqual({ mask: 'https://n8n.example.com/store:a' });
		expect(uploadIds).toEqual([]);
	});
});
