import { ReplicateClient } from '../../../nodes/shared/api/client';
import { now } from '../../../nodes/shared/api/clock';
import { OBJECT_SHAPE } from '../../../nodes/shared/api/shape';
import { openTransport } from '../../../transports/undici';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

describe('NO_PROXY', () => {
	afterEach(() => {
		for (const name of ['HTTPS_PROXY', 'NO_PROXY']) delete process.env[name];
	});

	it.each(['*', 'a.example, *'])('of "%s" uses no proxy at all', async (noProxy) => {
		jest.resetModules();
		const asked: string[] = [];
		const proxy = createServer().on('connect', ({ url }, socket) => {
			asked.push(url!);
			socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
		});
		await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
		process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
		process.env.NO_PROXY = noProxy;
		// The environment is read with the first connection.
		const transport = jest.requireActual<{ openTransport: typeof openTransport }>(
			'../../../transports/undici',
		);
		const credential = { apiToken: 'x', baseUrl: 'https://api.name.invalid/v1' };
		const client = new ReplicateClient(credential, transport.openTransport());
		const reading = client.get('/account', { shape: OBJECT_SHAPE, until: now() + 400 });
		await expect(reading).rejects.toThrow(/name\.invalid: the (host name is unknown|name server)/);
		expect(asked).toEqual([]);
		proxy.close();
	});
});
