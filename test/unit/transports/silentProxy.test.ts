import { createServer, type AddressInfo, type Server } from 'node:net';
import { ReplicateClient } from '../../../nodes/shared/api/client';
import { now } from '../../../nodes/shared/api/clock';
import { OBJECT_SHAPE } from '../../../nodes/shared/api/shape';
import { openTransport } from '../../../transports/undici';
import { endsBefore } from '../../timing';

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
		const error: unknown = await client
			.postOnce('/predictions/abc/cancel', { shape: OBJECT_SHAPE, ...options })
			.catch((reason: unknown) => reason);
		return error;
	};

	it('holds a request no longer than the time it has', async () => {
		const held = cancelled({ until: now() + 300 });
		expect(await endsBefore(8_000, held)).toBe(true);
		expect(await held).toMatchObject({ failure: { code: 'TIME_UP' } });
	});

	it('is told as such after 10 s: nothing was sent', async () => {
		const began = performance.now();
		const held = cancelled();
		await held;
		// Only how long it takes at least: a machine that is busy takes longer.
		expect(performance.now() - began).toBeGreaterThan(9_000);
		expect(await held).toMatchObject({
			message: 'Could not get a response from https://api.replicate.com: the proxy did not respond',
			failure: { code: 'PROXY_SILENT', sent: false },
		});
	});
});
