import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { ReplicateApi } from '../../credentials/ReplicateApi.credentials';

const credential = new ReplicateApi();
const DEFAULT = 'https://api.replicate.com/v1';
const ENDING = 'The base URL of the Replicate credential must end with /v1';
const WEBSITE =
	'The base URL of the Replicate credential is the address of the website, not of the API';

/** What n8n sends for `request` with such a credential. */
const sent = async (data: ICredentialDataDecryptedObject, request: Partial<IHttpRequestOptions>) =>
	await credential.authenticate(
		{ apiToken: 'r8_token', baseUrl: DEFAULT, ...data },
		request as IHttpRequestOptions,
	);
/** What n8n sends when the credential is tested; n8n evaluates the expression of the base URL. */
const tested = async (data: ICredentialDataDecryptedObject = {}) => {
	expect(credential.test.request).toEqual({
		baseURL: '={{ $credentials.baseUrl }}',
		url: '/account',
	});
	return await sent(data, { baseURL: String(data.baseUrl ?? DEFAULT), url: '/account' });
};

describe('the credential’s own test, in which n8n sends the token', () => {
	it('sends the token without the spaces that came with it', async () => {
		const { headers, baseURL, url } = await tested({
			apiToken: ' r8_token\n',
			baseUrl: `${DEFAULT}/ `,
		});
		expect(headers).toEqual({ Authorization: 'Bearer r8_token' });
		expect([baseURL, url]).toEqual([DEFAULT, '/account']);
	});

	it.each([
		'https://gateway.ai.cloudflare.com/v1/me/mine/replicate',
		'https://10.0.0.1/v1',
		'http://localhost:8080/v1',
		'http://127.0.0.1/v1',
		'http://[::1]:1/v1',
	])('goes to %s', async (baseUrl) => {
		expect((await tested({ baseUrl })).baseURL).toBe(baseUrl);
	});

	it.each([
		['', 'The base URL of the Replicate credential is empty. Use https://api.replicate.com/v1'],
		[
			'api.replicate.com/v1',
			'" of the Replicate credential is not a web address. Use https://api.replicate.com/v1',
		],
		['https://api.replicate.com', ENDING],
		['https://api.replicate.com/v1/predictions', ENDING],
		['https://replicate.com', WEBSITE],
		['https://www.replicate.com/explore', WEBSITE],
		['http://api.replicate.com/v1', 'must start with https://'],
		[' HTTP://10.0.0.1/v1', 'must start with https://'],
		['http://127.0.0.1.evil.com/v1', 'must start with https://'],
		['http://localhost@evil.com/v1', 'must start with https://'],
		['http://notlocalhost/v1', 'must start with https://'],
		['http://evil.localhost/v1', 'must start with https://'],
		['http://localhost.evil.com/v1', 'must start with https://'],
		['http://localhost:x@evil.com/v1', 'must start with https://'],
	])('says what is wrong with the base URL "%s"', async (baseUrl, words) => {
		await expect(tested({ baseUrl })).rejects.toThrow(words);
	});

	it.each([
		['', 'has no API token. Tokens are listed at'],
		[
			'r8_töken',
			'The API token of the Replicate credential contains characters that a token cannot have. Tokens',
		],
	])('says what is wrong with the token "%s"', async (apiToken, words) => {
		await expect(tested({ apiToken })).rejects.toThrow(words);
	});
});

describe('requests of other nodes that use the credential', () => {
	it.each([
		{ url: `${DEFAULT}/models` },
		{ uri: `${DEFAULT}/models` },
		{ url: '/models', baseURL: DEFAULT },
	])('get the token at the base URL’s origin: %j', async (request) => {
		const { headers } = await sent({}, { ...request, headers: { accept: '*/*' } });
		expect(headers).toEqual({ accept: '*/*', Authorization: 'Bearer r8_token' });
	});

	it.each([
		{ url: 'https://evil.example.com/v1/models' },
		{ uri: 'https://evil.example.com/v1/models' },
		{ url: '//evil.example.com/models', baseURL: DEFAULT },
		{ url: 'https://evil.example.com/models', baseURL: DEFAULT },
		{ url: `${DEFAULT.replace('https', 'http')}/models` },
		{ url: 'models' },
	])('never get it elsewhere: %j', async (request) => {
		await expect(sent({}, request)).rejects.toThrow(
			/^The Replicate credential is sent to its base URL only \(|" is not a web address$/,
		);
	});
});

describe('the headers of a gateway', () => {
	const withHeaders = (...values: object[]) =>
		tested({ headers: { values } as never }).then(({ headers }) => headers);

	it('go with the token, without the spaces around them', async () => {
		expect(
			await withHeaders(
				{ name: ' cf-aig-authorization ', value: ' Bearer secret ' },
				{ name: '', value: 'of no name' },
			),
		).toEqual({ 'cf-aig-authorization': 'Bearer secret', Authorization: 'Bearer r8_token' });
	});

	it.each([
		['authorization', 'x', '" cannot be set in the Replicate credential'],
		['Content-Length', '1', 'cannot be set'],
		['not a name', 'x', '" in the Replicate credential is not the name of a header'],
		['x:y', 'x', '" in the Replicate credential is not the name of a header'],
		[
			'x-key',
			'sec\nret',
			'" of the Replicate credential contains characters that a header cannot have',
		],
	])('are refused when no request can carry them: %s', async (name, value, words) => {
		const refused = withHeaders({ name, value });
		await expect(refused).rejects.toThrow(words);
		// A value is a secret.
		await expect(refused).rejects.not.toThrow(/sec\s*ret/);
	});
});

it('keeps what is secret in fields that n8n hides', () => {
	const rows = credential.properties.flatMap(({ options = [] }) =>
		options.flatMap((option) => ('values' in option ? option.values : [])),
	);
	const hidden = [...credential.properties, ...rows]
		.filter(({ typeOptions }) => typeOptions?.password)
		.map(({ name }) => name);
	expect(hidden).toEqual(['apiToken', 'value']);
});

describe('links to documentation', () => {
	const root = resolve(__dirname, '../..');
	const nodes = ['Replicate', 'ReplicateTrigger', 'ReplicateChatModel'];
	const links = nodes.flatMap((name) => {
		const codex = readFileSync(resolve(root, `nodes/${name}/${name}.node.json`), 'utf8');
		const { resources } = JSON.parse(codex) as {
			resources: Record<string, Array<{ url: string }>>;
		};
		return Object.values(resources).flatMap((pages) => pages.map(({ url }) => url));
	});

	// The package's own page on npm is not there before the package is published.
	it.each([credential.documentationUrl, ...links])('%s is a page of Replicate’s own', (link) => {
		expect(link).toMatch(/^https:\/\/replicate\.com\/docs(?:\/|$)/);
	});
});
