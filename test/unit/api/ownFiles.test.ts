import { ownFileUrl } from '../../../nodes/shared/api/ownFiles';

const OFFICIAL = 'https://api.replicate.com/v1';
const GATEWAY = 'https://gateway.example/me/mine/replicate';

describe('the address of a file that the API itself has', () => {
	const own = (address: string, baseUrl = OFFICIAL) =>
		ownFileUrl(new URL(address), new URL(baseUrl))?.href;

	it.each([
		`${OFFICIAL}/files/abc`,
		`${OFFICIAL}/files/Abc_1-2`,
		`${OFFICIAL}/files/abc/download?owner=me&signature=x`,
		`${OFFICIAL}/files/abc/out-0.png`,
	])('is as it is: %s', (address) => expect(own(address)).toBe(address));

	it('is under the base URL, behind a gateway too', () => {
		expect(own(`${OFFICIAL}/files/abc?y=1`, GATEWAY)).toBe(`${GATEWAY}/files/abc?y=1`);
		expect(own(`${GATEWAY}/files/abc`, GATEWAY)).toBe(`${GATEWAY}/files/abc`);
		expect(own('http://127.0.0.1:5/files/a', 'http://127.0.0.1:5')).toBe(
			'http://127.0.0.1:5/files/a',
		);
	});

	it.each([
		`${OFFICIAL}/webhooks/default/secret`,
		`${OFFICIAL}/files`,
		`${OFFICIAL}/files/`,
		`${OFFICIAL}/files/../webhooks/default/secret`,
		`${OFFICIAL}/files/%2e%2e/webhooks/default/secret`,
		`${OFFICIAL}/files/..%2fwebhooks%2fdefault%2fsecret`,
		`${OFFICIAL}/files/..%5caccount`,
		`${OFFICIAL}/files//account`,
		`${OFFICIAL}/files/..;/account`,
		`${OFFICIAL}/files/..;x=y/account`,
		`${OFFICIAL}/files/%252e%252e/account`,
		`${OFFICIAL}/files/%252e%252e%252faccount`,
		`${OFFICIAL}/files/..%c0%af..%c0%afaccount`,
		`${OFFICIAL}/files/%u002e%u002e/account`,
		`${OFFICIAL}/files/.%00./account`,
		`${OFFICIAL}/files/...`,
		`${OFFICIAL}/files/a.b`,
		`${OFFICIAL}/files/a/b`,
		`${OFFICIAL}/files/a/b.png/c`,
		`${OFFICIAL}/files/a/..png`,
		`${OFFICIAL}/files/a/%2e%2e.png`,
		`${OFFICIAL}/files/a/download/x`,
		`${OFFICIAL}/files/a%2e%2e`,
		`${OFFICIAL}/files/${'a'.repeat(201)}`,
		`${OFFICIAL}/filesx/a`,
		'https://api.replicate.com/files/a',
		'https://api.replicate.com/v1/v1/files/a',
		'http://api.replicate.com/v1/files/a',
		'https://api.replicate.com:8443/v1/files/a',
		'https://user@api.replicate.com/v1/files/a',
		'https://:password@api.replicate.com/v1/files/a',
		'https://api.replicate.com.evil.example/v1/files/a',
		'https://evil.example/v1/files/a',
		'https://replicate.delivery/files/a',
	])('is no other one: %s', (address) => expect(own(address)).toBeUndefined());
});
