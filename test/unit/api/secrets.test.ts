import { secretsOf, withoutSecrets } from '../../../nodes/shared/api/secrets';

describe('secrets in responses', () => {
	const clean = (text: string, token: string, ...values: string[]) =>
		withoutSecrets(text, secretsOf(token, values));

	it('are replaced, each by what it is', () => {
		expect(clean('a r8_1234567 b gateway-token', 'r8_1234567', 'gateway-token')).toBe(
			'a [API token] b [gateway header]',
		);
	});

	it('are found without the scheme of their header as well', () => {
		expect(clean('"Bearer gateway-token" gateway-token', 'x', 'Bearer gateway-token')).toBe(
			'"[gateway header]" [gateway header]',
		);
	});

	it('are found as JSON holds them', () => {
		const value = '{"team":"secret"}';
		expect(clean(JSON.stringify({ echo: value }), 'x', value)).toBe('{"echo":"[gateway header]"}');
	});

	it('leave texts alone that are too short to be told from others', () => {
		expect(clean('seven77 and x', 'seven77', 'x')).toBe('seven77 and x');
		expect(clean('eight888', 'eight888')).toBe('[API token]');
	});

	it('are replaced whole where one holds another', () => {
		expect(clean('r8_1234567-more', 'r8_1234567', 'r8_1234567-more')).toBe('[gateway header]');
	});

	const SECRET = 'Basic a<b>/c"d\\e&f0123';
	const HEX = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
	/** Ways to write a text in JSON that are all the same to whoever reads it. */
	const SPELLINGS: Record<string, (text: string) => string> = {
		'as JavaScript does': (text) => JSON.stringify(text),
		'as PHP does': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
		'as Go does': (text) => JSON.stringify(text).replace(/[<>&]/g, HEX),
		'with digits spelled out': (text) => JSON.stringify(text).replace(/\d/g, HEX),
		'with all letters spelled out': (text) => JSON.stringify(text).replace(/[a-z]/gi, HEX),
		'with capital hex digits': (text) =>
			JSON.stringify(text).replace(/[<>/]/g, (one) =>
				HEX(one).replace(/[a-f]/g, (x) => x.toUpperCase()),
			),
	};
	const PLACES: Record<string, (written: string) => string> = {
		'a value': (written) => `{"error":{"detail":[${written}]}}`,
		'a key': (written) => `{${written}:1,"detail":"x"}`,
		'a page that is not JSON': (written) => `<pre>authorization: ${written}</pre>`,
		'JSON in a text of JSON': (written) => JSON.stringify({ detail: `{"headers":[${written}]}` }),
		'JSON in JSON in JSON': (written) =>
			JSON.stringify({ detail: JSON.stringify({ echo: `{"headers":[${written}]}` }) }),
		'what is broken off': (written) => `{"detail":${written},"more":"`,
	};

	describe.each(Object.entries(SPELLINGS))('are found when they are written %s', (_how, write) => {
		it.each(Object.entries(PLACES))('in %s', (_where, place) => {
			const response = clean(place(write(SECRET)), 'r8_0123456789', SECRET);
			const plain = response.replace(
				/\\+(?:u([\da-f]{4})|(.))/gi,
				(_all, code?: string, one?: string) =>
					code === undefined ? one! : String.fromCharCode(parseInt(code, 16)),
			);
			expect(plain.replaceAll('\\', '')).not.toContain(SECRET.replaceAll('\\', '').slice(0, 12));
			expect(plain).toContain('[gateway header]');
		});
	});

	it('leave a response as it is that holds none, with all its digits', () => {
		const text = '{"a":12345678901234567890,"b":"\\u0041\\/\\u00e9"}';
		expect(clean(text, 'r8_1234567')).toBe(text);
	});
});
