import { isLanguageModel } from '../../../nodes/shared/chat/languageModel';
import { modelDetails } from '../../../nodes/shared/models/describe';
import { readOutput } from '../../../nodes/shared/outputs/shape';
import { isTokenText } from '../../../nodes/shared/predictions/streamText';
import { modelInputs } from '../../../nodes/shared/schema/modelInputs';
import { SchemaReader } from '../../../nodes/shared/schema/openApi';
import { growthOf, MAX_GROWTH } from '../growth';

const times = <T>(count: number, make: (at: number) => T) =>
	Array.from({ length: count }, (_, at) => make(at));
const keys = (count: number, make: (at: number) => unknown) =>
	Object.fromEntries(times(count, (at) => [`k${at}`, make(at)]));
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Components in which few bytes name many nodes, by how many there are of each. */
const HOSTILE: Record<string, (n: number) => Record<string, object>> = {
	'alternatives that all name one list of parts': (n) => ({
		A: { allOf: times(n, () => ({})) },
		Part: { anyOf: times(n, () => ref('A')) },
	}),
	'parts that all name one large object': (n) => ({
		A: keys(n, () => 1) as object,
		Part: { allOf: times(n, () => ref('A')) },
	}),
	'a node that doubles itself at each level': (n) => ({
		...Object.fromEntries(
			times(20, (at) => [`L${at}`, { allOf: [ref(`L${at + 1}`), ref(`L${at + 1}`)] }]),
		),
		Part: { anyOf: times(n, () => ref('L0')) },
	}),
	circles: (n) => ({
		...Object.fromEntries(
			times(n, (at) => [`C${at}`, { allOf: times(3, (to) => ref(`C${(at * 7 + to) % n}`)) }]),
		),
		Part: ref('C0'),
	}),
	'alternatives with the same choices': (n) => ({
		A: { enum: times(n, String) },
		Part: { anyOf: times(n, () => ref('A')) },
	}),
	'alternatives with the same properties': (n) => ({
		A: { type: 'object', properties: keys(n, () => ({ type: 'string' })) },
		Part: { anyOf: times(n, () => ref('A')) },
	}),
	'many types of a large node': (n) => ({
		Part: { ...keys(n, () => 1), type: times(n, (at) => `t${at}`) },
	}),
	'lists of what has many alternatives': (n) => ({
		B: { anyOf: times(n, () => ({ type: 'string' })) },
		A: { type: 'array', items: ref('B') },
		Part: { anyOf: times(n, () => ({ type: 'array', items: ref('A') })) },
	}),
};

const documentOf = (parts: Record<string, object>, inputs: number) =>
	({
		components: {
			schemas: {
				...parts,
				Input: { properties: { ...keys(inputs, () => parts.Part), prompt: { type: 'string' } } },
				Output: { type: 'array', items: parts.Part, properties: { a: parts.Part }, ...parts.Part },
			},
		},
	}) as never;

/** An output that asks the schema at each of its values. */
const outputOf = (n: number) =>
	times(n, (at) => ({ a: at, [`k${at}`]: 'https://x.y/z', list: ['a'] }));

describe('a schema of an author who means harm', () => {
	const readers: Record<string, (document: never, n: number) => unknown> = {
		'as a form of many inputs': (document) => modelInputs(document),
		'in a list of language models': (document) => isLanguageModel(document),
		'of an output of many parts': (document, n) => readOutput(outputOf(n) as never, document),
		'in a description of the model': (document) =>
			modelDetails({
				owner: 'a',
				name: 'b',
				latest_version: { id: 'c', openapi_schema: document },
			} as never),
		'before a stream': (document) => isTokenText(document),
	};
	const cases = Object.entries(HOSTILE).flatMap(([schema, parts]) =>
		Object.entries(readers).map(([how, read]) => [schema, how, parts, read] as const),
	);

	it.each(cases)('takes no more time than its size: %s, %s', (_schema, _how, parts, read) => {
		const make = (n: number) => ({ document: documentOf(parts(n), n), n });
		expect(growthOf(150, make, ({ document, n }) => read(document, n))).toBeLessThan(MAX_GROWTH);
	});

	it('asks the schema of a list once, not for each element', () => {
		const asked = jest.spyOn(SchemaReader.prototype, 'alternatives');
		const schemas = { Output: { type: 'array', items: { anyOf: [{ type: 'string' }] } } };
		const count = (length: number) => {
			asked.mockClear();
			readOutput(
				times(length, () => 'https://x.y/z'),
				{ components: { schemas } },
			);
			return asked.mock.calls.length;
		};
		expect([count(1), count(500)]).toEqual([2, 2]);
		asked.mockRestore();
	});

	it('shows as many inputs as a form can have', () => {
		const properties = keys(5_000, () => ({ type: 'string' }));
		expect(
			modelInputs({ components: { schemas: { Input: { properties } } } } as never),
		).toHaveLength(1_000);
	});
});
