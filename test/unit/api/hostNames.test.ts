import { isLoopbackHost, isPublicHost } from '../../../nodes/shared/api/hostNames';

describe('isLoopbackHost', () => {
	it.each([
		['localhost', true],
		['127.0.0.1', true],
		['127.1.2.3', true],
		['[::1]', true],
		['10.0.0.1', false],
		['127.0.0.1.example.com', false],
		['notlocalhost', false],
		['evil.localhost', false],
		['localhost.example.com', false],
		['localhost.', false],
	])('%s: %s', (host, isLoopback) => {
		expect(isLoopbackHost(host)).toBe(isLoopback);
	});
});

describe('isPublicHost', () => {
	it.each([
		['n8n.example.com', true],
		['8.8.8.8', true],
		['[2606:4700::1111]', true],
		['n8n.local.example.com', true],
		['localhost', false],
		['n8n', false],
		['n8n.test.', false],
		['n8n.local', false],
		['n8n.internal', false],
		['127.0.0.1', false],
		['10.0.0.1', false],
		['192.168.1.5', false],
		['172.16.0.1', false],
		['169.254.169.254', false],
		['100.64.0.1', false],
		['[::1]', false],
		['[::ffff:10.0.0.1]', false],
		['[fe80::1]', false],
		['[fd00::1]', false],
	])('%s: %s', (host, isPublic) => {
		expect(isPublicHost(host)).toBe(isPublic);
	});
});
