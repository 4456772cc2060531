import fc from 'fast-check';
import { Readable } from 'node:stream';
import type { IBinaryData } from 'n8n-workflow';
import { readInput } from '../../nodes/jobs/input/input';
import { InputError } from '../../nodes/shared/api/errors';
import type { InputObject } from '../../nodes/shared/api/json';
import { findFileInputs, sendFiles, type ItemFiles } from '../../nodes/shared/files/inputs';
import type { Uploads } from '../../nodes/shared/files/uploads';
import { modelInputs } from '../../nodes/shared/schema/modelInputs';
import { assertComplete } from '../../nodes/shared/schema/values';

/*
 * A value that a model takes, inside random wrappings: blanks around it, JSON text, a list, an object of
 * n8n, a buffer, a number as text. It arrives whole, or is refused; it never becomes something else.
 */

/** Fixed, so that a failure comes again; FUZZ_SEED and FUZZ_RUNS change them. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_130);
const RUNS = Number(process.env.FUZZ_RUNS ?? 2_000);

const FIELDS = ['data', 'data_1', 'front, back.jpg'];
const FILE = { type: 'string', format: 'uri' };
const SCHEMA = {
	image: FILE,
	images: { type: 'array', items: FILE },
	reference: { anyOf: [FILE, { type: 'array', items: FILE }] },
	text: { type: 'string' },
	count: { type: 'integer', minimum: 0, maximum: 100 },
	strength: { type: 'number', minimum: 0, maximum: 1 },
	flag: { type: 'boolean' },
	style: { enum: ['photo', 'drawing', '16:9'] },
	tags: { type: 'array', items: { type: 'string' } },
	sizes: { type: 'array', items: { type: 'integer' } },
	camera: {
		type: 'object',
		required: ['zoom'],
		properties: { zoom: { type: 'integer' }, image: FILE },
	},
	shots: {
		type: 'array',
		items: {
			type: 'object',
			required: ['prompt'],
			properties: { prompt: { type: 'string' }, image: FILE },
		},
	},
};
const inputs = modelInputs({
	components: { schemas: { Input: { properties: SCHEMA } } },
} as never)!;

const URL_A = 'https://cdn.example.com/w_400,h_300/a.png';
const URL_B = 'https://cdn.example.com/b.png?size=1,2';
const URI = `data:image/png;base64,${Buffer.from('a picture that is long enough to be wrapped, and wrapped again, it is').toString('base64')}`;

/** What a model takes, by input, with what is sent of it. Files are their fields' names in brackets. */
const file = fc.constantFrom<[unknown, string]>(
	['data', '<data>'],
	['data_1', '<data_1>'],
	['front, back.jpg', '<front, back.jpg>'],
	[URL_A, URL_A],
	[URL_B, URL_B],
	[URI, URI],
);
const files = fc
	.array(file, { minLength: 1, maxLength: 4 })
	.map((all): [unknown, unknown] => [all.map(([given]) => given), all.map(([, sent]) => sent)]);
const same = <T>(values: fc.Arbitrary<T>) =>
	values.map((value): [unknown, unknown] => [value, value]);
const word = fc.constantFrom(
	'a fox',
	'red',
	'x, y',
	'[1]',
	'{"a":1}',
	'"quoted"',
	'two\nlines',
	'5',
);
const good: Record<string, fc.Arbitrary<[unknown, unknown]>> = {
	image: file,
	images: files,
	reference: fc.oneof(
		file,
		files.filter(([given]) => (given as unknown[]).length > 1),
	),
	text: same(word),
	count: same(fc.integer({ min: 0, max: 100 })),
	strength: same(fc.constantFrom(0, 0.25, 0.5, 1)),
	flag: same(fc.boolean()),
	style: same(fc.constantFrom('photo', 'drawing', '16:9')),
	tags: same(fc.array(fc.constantFrom('red', 'fox', 'a b'), { minLength: 1, maxLength: 3 })),
	sizes: same(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 })),
	camera: same(fc.record({ zoom: fc.integer({ min: 1, max: 4 }) })),
	shots: same(
		fc.array(fc.record({ prompt: fc.constantFrom('rain', 'sun') }), { minLength: 1, maxLength: 3 }),
	),
};

const json = (value: unknown) => JSON.stringify(value);
const WRAPPINGS: Record<string, (value: unknown) => unknown> = {
	blanks: (value) => (typeof value === 'string' ? ` ${value}\n` : value),
	lines: (value) => (typeof value === 'string' ? `\r\n${value}\r\n` : value),
	marks: (value) => (typeof value === 'string' ? `\u200b\ufeff${value}\u00a0` : value),
	fence: (value) => (typeof value === 'string' ? `\`\`\`json\n${value}\n\`\`\`` : value),
	places: (value) => (Array.isArray(value) ? { ...(value as unknown[]) } : value),
	semicolons: (value) =>
		Array.isArray(value) && value.every((one) => typeof one === 'string')
			? value.join('; ')
			: value,
	text: json,
	prettyText: (value) => JSON.stringify(value, null, 2),
	list: (value) => [value],
	item: (value) => ({ json: value }),
	data: (value) => ({ data: value }),
	value: (value) => ({ value }),
	buffer: (value) =>
		typeof value === 'string' ? { type: 'Buffer', data: [...Buffer.from(value)] } : value,
	digits: (value) =>
		typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
	commas: (value) =>
		Array.isArray(value) && value.every((one) => typeof one === 'string')
			? value.join(', ')
			: value,
	onLines: (value) =>
		Array.isArray(value) && value.every((one) => typeof one === 'string')
			? value.join('\n')
			: value,
	url: (value) => (typeof value === 'string' && value.startsWith('http') ? { url: value } : value),
	wrapped: (value) =>
		typeof value === 'string' && value.startsWith('data:')
			? value.replace(/.{76}/g, '$&\n')
			: value,
};

const item: ItemFiles = {
	names: FIELDS,
	get: (name): IBinaryData | undefined =>
		FIELDS.includes(name)
			? { id: `store:${name}`, data: '', mimeType: 'image/png', fileName: `${name}!`, bytes: 1 }
			: undefined,
	store: {
		getBinaryStream: async (id) => Readable.from([Buffer.from(id.slice(6))]),
		getBinaryDataBuffer: async (_index, { id }) => Buffer.from(id!.slice(6)),
		getBinaryMetadata: async () => ({ fileSize: 1 }),
	},
	baseUrl: new URL('https://api.replicate.com/v1'),
};

/** What of an input would be sent, as JSON with files by their fields' names. */
async function sentOf(name: string, value: unknown, way: string): Promise<unknown> {
	const from = {
		parameter: (path: string, fallback: unknown) => {
			if (path === 'inputJson' && way === 'json') return { [name]: value };
			if (path === 'inputFields' && way === 'form') {
				return { mappingMode: 'defineBelow', value: { [name]: value } };
			}
			return fallback;
		},
	};
	const { input } = readInput(from, inputs);
	const assignments = way === 'files' ? [{ input: name, binaryFields: value }] : [];
	const found = await findFileInputs(input, assignments, inputs, item);
	assertComplete(inputs, input, [], FIELDS);
	const routing = { fileRouting: 'dataUri', dataUriMaxBytes: 1_000 } as const;
	const noUploads = {} as Uploads;
	const sent = await sendFiles(input, found, routing, noUploads, item.baseUrl!);
	const text = JSON.stringify((sent.input as InputObject)[name], (_key, one: unknown) => {
		const [, base64] = /^data:image\/png;base64,(.+)$/.exec(String(one)) ?? [];
		const field = base64 && String(Buffer.from(base64, 'base64'));
		return field && FIELDS.includes(field) ? `<${field}>` : one;
	});
	return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

describe('a good value in random wrappings', () => {
	it('arrives whole, or is refused unpaid; it never becomes something else', async () => {
		const names = Object.keys(good);
		const wrappings = fc.array(fc.constantFrom(...Object.keys(WRAPPINGS)), { maxLength: 4 });
		const counts = { whole: 0, refused: 0 };
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), good[name]!)),
				wrappings,
				fc.constantFrom('form', 'json', 'files'),
				async ([name, [given, whole]], applied, chosen) => {
					const isFile = ['image', 'images', 'reference'].includes(name);
					const way = chosen === 'files' && !isFile ? 'json' : chosen;
					// A buffer for a file is the file's own bytes; a text with commas is a text.
					const meansOther = isFile
						? ['buffer']
						: name === 'tags'
							? ['commas', 'onLines', 'semicolons']
							: [];
					const fitting = applied.filter((wrapping) => !meansOther.includes(wrapping));
					const layers = [given];
					for (const wrapping of fitting) layers.push(WRAPPINGS[wrapping]!(layers.at(-1)));
					const value = layers.at(-1);
					const sent = await sentOf(name, value, way).catch((error: unknown) => {
						if (error instanceof InputError) return error;
						throw error;
					});
					if (sent instanceof InputError) {
						counts.refused += 1;
						// What was not wrapped at all is never refused.
						expect({ fitting, refused: sent.message }).not.toMatchObject({ fitting: [] });
						return;
					}
					counts.whole += 1;
					// A text is what was handed over, or its JSON, or a text inside: whoever hands over text means it.
					const inside = layers.filter((layer) => typeof layer === 'string');
					const texts = [whole, json(value), ...inside, ...decoded(value)].flatMap((one) => [
						one,
						[one],
					]);
					const allowed = name === 'text' || name === 'tags' ? texts : [whole, [whole]];
					expect(allowed).toContainEqual(sent);
				},
			),
			{ seed: SEED, numRuns: RUNS },
		);
		// Else nothing was tried.
		expect(counts.whole).toBeGreaterThan(RUNS / 3);
		expect(counts.refused).toBeGreaterThan(0);
	}, 600_000);
});

/** The text of a buffer. */
function decoded(value: unknown): unknown[] {
	const { type, data } = (value ?? {}) as { type?: string; data?: number[] };
	if (type !== 'Buffer' || !Array.isArray(data)) return [];
	return [Buffer.from(data).toString()];
}
