import { createServer, type AddressInfo, type Server } from 'node:net';
import { ReplicateClient } from '../../../nodes/shared/api/client';
import { now } from '../../../nodes/shared/api/clock';
import { OBJECT_SHAPE } from '../../../nodes/shared/api/shape';
import { openTransport } from '../../../transports/undici';

/** A proxy that takes a connection, and then says nothing. */
describe('a silent proxy', () => {
	let proxy: Server;

	beforeAll(async () => {
		proxy = createServer((socket) => socket.on('error', () => undefined));
		await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
		process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
	});
	afterAll(() => {
		delete process.env.HTTPS_PROXY;
		proxy.close();
	});

	const cancelled = async (options = {}) => {
		const credential = { apiToken: 'x', baseUrl: 'https://api.replicate.com/v1' };
		const client = new ReplicateClient(credential, openTransport());
		const began = now();
		const error: unknown = await client
			.postOnce('/predictions/abc/cancel', { shape: OBJECT_SHAPE, ...options })
			.catch((reason: unknown) => reason);
		return { error, ms: now() - began };
	};

	it('holds a request no longer than the time it has', async () => {
		const { error, ms } = await cancelled({ until: now() + 300 });
		expect(error).toMatchObject({ failure: { code: 'TIME_UP' } });
		expect(ms).toBeLessThan(2_000);
	});

	it('is told as such after 10 s: nothing was sent', async () => {
		const { error, ms } = await cancelled();
		expect(error).toMatchObject({
			message: 'Could not get a response from https://api.replicate.com: the proxy did not respond',
			failure: { code: 'PROXY_SILENT', sent: false },
		});
		expect(ms).toBeLessThan(15_000);
	}, 30_000);
});
