import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ReplicateClient } from '../../../nodes/shared/api/client';
import { openTransport } from '../../../transports/undici';
import { startSandbox } from '../../../dev/sandbox/server';
import { OBJECT_SHAPE } from '../../../nodes/shared/api/shape';

describe('a proxy from the environment', () => {
	const asked: string[] = [];
	let proxy: Server;

	beforeAll(async () => {
		proxy = createServer().on('connect', (request, socket) => {
			asked.push(request.url!);
			socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
		});
		await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
		const { port } = proxy.address() as AddressInfo;
		process.env.HTTPS_PROXY = process.env.HTTP_PROXY = `http://127.0.0.1:${port}`;
	});
	afterAll(() => {
		delete process.env.HTTPS_PROXY;
		delete process.env.HTTP_PROXY;
		proxy.close();
	});

	it('is asked for Replicate, and its refusal is one sentence', async () => {
		const client = new ReplicateClient(
			{ apiToken: 'x', baseUrl: 'https://api.replicate.com/v1' },
			openTransport(),
		);
		await expect(
			client.postOnce('/predictions/abc/cancel', { shape: OBJECT_SHAPE }),
		).rejects.toThrow(
			'Could not get a response from https://api.replicate.com: the proxy refused to connect',
		);
		expect(asked).toEqual(['api.replicate.com:443']);
	});

	it('is not asked for a server on this machine', async () => {
		const sandbox = await startSandbox();
		const client = new ReplicateClient(
			{ apiToken: sandbox.token, baseUrl: sandbox.baseUrl },
			openTransport(),
		);
		await expect(client.get('/account', { shape: OBJECT_SHAPE })).resolves.toMatchObject({
			username: 'sandbox',
		});
		expect(asked).toHaveLength(1);
		await sandbox.stop();
	});
});
