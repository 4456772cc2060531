import type { JsonValue } from '../../nodes/shared/api/json';

/*
 * What a stranger may write, drawn at random and grown by size: a shape is drawn once, and made in any
 * size, so that its costs can be compared. Its JSON grows with the size, and not faster.
 */

/** Something of a size, always the same one for it. */
export type Grown<T> = (size: number) => T;

/** What has confused readers of text: marks, quotes, beginnings of all that is looked for. */
const PARTS = [
	...[
		'{',
		'}',
		'[',
		']',
		'"',
		"'",
		'\\',
		'\\"',
		',',
		':',
		';',
		'=',
		'.',
		'-',
		'_',
		'/',
		'|',
		'<',
		'>',
	],
	...[
		' ',
		'\n',
		'\t',
		'\r\n',
		'\0',
		'\u200b',
		'\u202e',
		'é',
		'😀',
		'a',
		'aa',
		'1',
		'0',
		'Z',
		'%2e',
		'%',
	],
	...[
		'{"a":',
		'{"tool_calls":',
		'"name":',
		'```json\n',
		'```',
		'[{"',
		'null',
		'1e308',
		'$ref',
		'=@',
		'{{',
	],
	...[
		'<think>',
		'</think>',
		'</think',
		'<|im_start|>',
		'<|',
		'[INST]',
		'<<SYS>>',
		'User:',
		'System: ',
	],
	...[
		'https://',
		'http://10.0.0.1/',
		'data:',
		'data:image/png;base64,',
		';base64,',
		'a@b',
		'?a=',
		'#',
		'&amp;',
	],
	...['<p>', '</p>', '<!--', '-->', '<html>', '<title>', '<script>', 'r8_', 'Bearer ', 'whsec_'],
	...[
		'Error: ',
		'Traceback (most recent call last):\n',
		'  File "x", line 1\n',
		'E001',
		'CUDA out of memory',
	],
	...[
		'100%|',
		'|██▏| 1/2 [00:01<00:01]',
		'it/s',
		'resets in ~',
		'a/b:',
		'owner/name',
		'AAAA',
		'../',
		'.png',
	],
];

/** How many different leaves, keys and parts a shape has. */
const VARIANTS = 7;

export class Shapes {
	constructor(private readonly random: () => number) {}

	private pick<T>(from: readonly T[]): T {
		return from[Math.floor(this.random() * from.length)]!;
	}

	private some<T>(count: number, draw: () => T): T[] {
		return Array.from({ length: count }, draw);
	}

	/** A text of so many characters: a few parts again and again, with others before and behind. */
	text(): Grown<string> {
		const parts = () =>
			this.some(1 + Math.floor(this.random() * 4), () => this.pick(PARTS)).join('');
		const [before, unit, behind] = [this.pick(['', parts()]), parts(), this.pick(['', parts()])];
		const other = parts();
		const turn = this.pick([1, 1, 1, 2]);
		return (size) => {
			const half = unit.repeat(Math.ceil(size / turn / unit.length));
			return (
				before +
				half +
				(turn === 1 ? '' : other.repeat(Math.ceil(size / 2 / other.length))) +
				behind
			);
		};
	}

	/** Text in so many tokens. */
	tokens(): Grown<string[]> {
		const parts = this.some(VARIANTS, () => this.pick(PARTS));
		const first = this.some(3, () => this.pick(PARTS));
		return (size) => [...first, ...times(size, (at) => parts[at % parts.length]!)];
	}

	/** JSON of about so many values. */
	json(): Grown<JsonValue> {
		const leaf = this.leaf();
		const key = this.key();
		const depth = this.pick([3, 40, 150, 1_000]);
		const keys = this.some(3, () =>
			this.pick(['detail', 'error', 'errors', 'message', 'msg', 'a', 'url']),
		);
		const text = this.text();
		return this.pick<Grown<JsonValue>>([
			(size) => times(size, leaf),
			(size) => Object.fromEntries(times(size, (at) => [key(at), leaf(at)])),
			(size) => times(size, (at) => ({ [key(at % 50)]: leaf(at) })),
			(size) => times(Math.ceil(size / 10), (at) => times(10, (one) => leaf(at + one))),
			(size) => nested(times(size, leaf), keys, depth),
			(size) => times(Math.ceil(size / depth), (at) => nested(leaf(at), keys, depth)),
			(size) => nested(text(10 * size), keys, 3),
			(size) => times(10, () => text(size)),
		]);
	}

	/** A schema document of about so many nodes, with references that may be circles. */
	schema(): Grown<object> {
		const names = this.some(3 + Math.floor(this.random() * 5), () => '').map((_, at) => `N${at}`);
		const drawn = names.map(() => this.node(names));
		const [output, part] = [this.node(names), this.node(names)];
		const doubles = this.random() < 0.5;
		return (size) => {
			const each = Math.ceil(size / (names.length + 2));
			const schemas = Object.fromEntries(names.map((name, at) => [name, drawn[at]!(each)]));
			const properties = Object.fromEntries(
				times(Math.ceil(each / 4), (at) => [`k${at}`, ref(names[at % names.length]!)]),
			);
			const chain = Object.fromEntries(
				times(20, (at) => [`D${at}`, { allOf: [ref(`D${at + 1}`), ref(`D${at + 1}`)] }]),
			);
			const more = doubles ? { ...chain, D20: part(each) } : {};
			const input = { properties: { ...properties, prompt: { type: 'string' }, d: ref('D0') } };
			return {
				components: { schemas: { ...schemas, ...more, Input: input, Output: output(each) } },
			};
		};
	}

	/** One node of a schema, which has about so many others. */
	private node(names: string[]): Grown<object> {
		const small = this.some(VARIANTS, () => this.smallNode(names));
		const one = (at: number) => small[at % small.length]!;
		const [key, leaf, text] = [this.key(), this.leaf(), this.text()];
		return this.pick<Grown<object>>([
			(size) => ({ allOf: times(size, one) }),
			(size) => ({ anyOf: times(size, one) }),
			(size) => ({ oneOf: times(size, one), default: leaf(0) }),
			(size) => ({ enum: times(size, (at) => this.pickAt(leaf, at)), default: leaf(1) }),
			(size) => ({
				type: 'object',
				required: times(size, key),
				properties: Object.fromEntries(times(size, (at) => [key(at), one(at)])),
			}),
			(size) => ({ type: times(size, (at) => `t${at}`), items: one(0) }),
			(size) => ({ type: 'array', items: { anyOf: times(size, one) } }),
			(size) => ({
				type: 'string',
				description: text(size),
				title: text(size),
				pattern: text(size),
			}),
			(size) => ({ type: 'array', default: times(size, leaf), items: one(0) }),
			() => one(0),
		]);
	}

	private pickAt(leaf: (at: number) => JsonValue, at: number): JsonValue {
		return at % 3 === 0 ? leaf(at) : `v${at}`;
	}

	private smallNode(names: string[]): object {
		const to = ref(this.pick(names));
		return this.pick<object>([
			...[{}, to, to, { type: 'string' }, { type: 'string', format: 'uri' }, { type: 'integer' }],
			...[{ enum: ['a', 'b'] }, { const: 1 }, { nullable: true }, { type: ['string', 'null'] }],
			...[{ type: 'array', items: to }, { anyOf: [to, to] }, { allOf: [to], default: 'a' }],
			{ type: 'object', required: ['a'], properties: { a: to, b: to } },
		]);
	}

	private key(): (at: number) => string {
		const part = this.pick(['k', 'error', 'a.b', '__proto', 'é', ' ', '$']);
		return (at) => `${part}${at}`;
	}

	private leaf(): (at: number) => JsonValue {
		const part = this.pick(PARTS);
		return this.pick<(at: number) => JsonValue>([
			(at) => at,
			(at) => `https://x.y/${at}.png`,
			(at) => `data:image/png;base64,AAAA${at}`,
			() => part,
			(at) => `${part}${at}`,
			() => null,
			() => ({}),
			(at) => ({ url: `https://x.y/${at}`, msg: part, loc: ['body', at] }),
			() => [],
		]);
	}
}

function ref(name: string): object {
	return { $ref: `#/components/schemas/${name}` };
}

function nested(value: JsonValue, keys: string[], depth: number): JsonValue {
	let whole = value;
	for (let at = 0; at < depth; at++) {
		const key = keys[at % keys.length]!;
		whole = at % 2 === 0 ? { [key]: whole } : [whole];
	}
	return whole;
}

function times<T>(count: number, make: (at: number) => T): T[] {
	return Array.from({ length: count }, (_, at) => make(at));
}
