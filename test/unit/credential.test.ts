import { ReplicateApi } from '../../credentials/ReplicateApi.credentials';

describe('the credential’s own test, in which n8n sends the token', () => {
	const { test } = new ReplicateApi();
	const expression = /^=\{\{ \$credentials\.baseUrl(.*) \}\}$/.exec(
		String(test.request.baseURL),
	)![1]!;
	// The expression is one call of a method of the text.
	const tested = new Function('text', `return text${expression}`) as (text: string) => string;

	it.each([
		['https://api.replicate.com/v1', 'https://api.replicate.com/v1'],
		['http://localhost:8080/v1', 'http://localhost:8080/v1'],
		['http://127.0.0.1/v1', 'http://127.0.0.1/v1'],
		['http://[::1]:1', 'http://[::1]:1'],
		['http://api.example.com/v1', 'https://api.example.com/v1'],
		[' HTTP://10.0.0.1/v1', 'https://10.0.0.1/v1'],
		['http://127.0.0.1.evil.com/v1', 'https://127.0.0.1.evil.com/v1'],
		['http://localhost@evil.com/v1', 'https://localhost@evil.com/v1'],
		['http://localhost:x@evil.com/v1', 'https://localhost:x@evil.com/v1'],
	])('goes from %s to %s', (baseUrl, url) => {
		expect(tested(baseUrl)).toBe(url);
	});
});
