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
});
