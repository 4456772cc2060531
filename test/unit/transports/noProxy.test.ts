import { openTransport } from '../../../transports/undici';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Of this machine, yet not one of the names that never use a proxy: nothing is looked up. */
const API_HOST = '127.0.0.2';

const asked: string[] = [];
const api = createServer((_request, response) => {
	asked.push('the API');
	response.end();
});
const proxy = createServer((_request, response) => {
	asked.push('the proxy');
	response.writeHead(403).end();
}).on('connect', (_request, socket) => {
	asked.push('the proxy');
	socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
});

async function listen(server: Server, host: string): Promise<number> {
	await new Promise<void>((listening) => server.listen(0, host, listening));
	return (server.address() as AddressInfo).port;
}

/** The status of the API's answer, from a transport that was loaded under this environment. */
async function statusWith(noProxy: string): Promise<number> {
	jest.resetModules();
	process.env.HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
	process.env.NO_PROXY = noProxy;
	// The environment is read with the first connection.
	const transport = jest.requireActual<{ openTransport: typeof openTransport }>(
		'../../../transports/undici',
	);
	const { port } = api.address() as AddressInfo;
	const url = new URL(`http://${API_HOST}:${port}/v1/account`);
	const { signal } = new AbortController();
	const response = await transport
		.openTransport()
		.send({ url, method: 'GET', headers: {}, signal });
	response.body.discard();
	return response.status;
}

describe('NO_PROXY', () => {
	beforeAll(async () => {
		await listen(api, API_HOST);
		await listen(proxy, '127.0.0.1');
	});
	beforeEach(() => void (asked.length = 0));
	afterEach(() => {
		for (const name of ['HTTP_PROXY', 'NO_PROXY']) delete process.env[name];
	});
	afterAll(() => {
		for (const server of [api, proxy]) {
			server.closeAllConnections();
			server.close();
		}
	});

	it.each(['*', 'a.example, *', API_HOST])('of "%s" uses no proxy', async (noProxy) => {
		expect(await statusWith(noProxy)).toBe(200);
		expect(asked).toEqual(['the API']);
	});

	it('of another host leaves the proxy in use', async () => {
		await expect(statusWith('a.example')).rejects.toThrow();
		expect(asked).toEqual(['the proxy']);
	});
});
