import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that a test gives its behaviour. */
export interface Peer {
	origin: string;
	/** What it was asked, in order. */
	asked: IncomingMessage[];
	/** From which port each request came: a connection each. */
	ports: number[];
	/** How it responds from now on; every test begins with an empty 200. */
	respond: Respond;
	url(path?: string): URL;
	/** Resolves when the client has closed the connection of the request with this number. */
	closed(index?: number): Promise<void>;
	stop(): Promise<void>;
}

export async function startPeer(): Promise<Peer> {
	const closings: Array<Promise<unknown>> = [];
	const peer = { asked: [], ports: [], respond: empty } as unknown as Peer;
	const server = createServer((request, response) => {
		peer.asked.push(request);
		peer.ports.push(request.socket.remotePort!);
		closings.push(new Promise((resolve) => request.socket.once('close', resolve)));
		// A client that hangs up is what many of the tests are about.
		request.on('error', () => undefined);
		response.on('error', () => undefined);
		peer.respond(request, response);
	});
	peer.origin = `http://127.0.0.1:${await listening(server)}`;
	peer.url = (path = '/') => new URL(path, peer.origin);
	peer.closed = async (index = 0) => {
		await closings.at(index);
	};
	peer.stop = async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
	return peer;
}

const empty: Respond = (request, response) => request.resume().on('end', () => response.end());

/** A port on which nothing listens. */
export async function deadPort(): Promise<number> {
	const server = createServer();
	const port = await listening(server);
	await new Promise((resolve) => server.close(resolve));
	return port;
}

async function listening(server: Server): Promise<number> {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

/** A file of so many bytes in chunks, and how much of it was taken. */
export function fileOf(bytes: number, chunkBytes = 65_536) {
	const file = { taken: 0, closed: false, bytes };
	async function* chunks(): AsyncGenerator<Uint8Array> {
		try {
			while (file.taken < bytes) {
				const size = Math.min(chunkBytes, bytes - file.taken);
				file.taken += size;
				yield Buffer.alloc(size, file.taken % 251);
			}
		} finally {
			file.closed = true;
		}
	}
	const headers = { 'content-type': 'application/x-test', 'content-length': String(bytes) };
	return { file, headers, body: chunks() };
}
