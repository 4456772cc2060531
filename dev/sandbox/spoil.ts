import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SpoiltAnswer } from './faults';

/** An answer as it should have been. */
export interface GoodAnswer {
	status: number;
	headers: Record<string, unknown>;
	body: Buffer;
}

/** Writes an answer to its connection, past the HTTP server, in the way that a fault spoils it. */
export async function sendSpoilt(
	socket: Socket,
	{ status, headers, body }: GoodAnswer,
	fault: SpoiltAnswer,
): Promise<void> {
	const half = body.subarray(0, Math.floor(body.length / 2));
	const sent = fault.kind === 'half' ? half : body;
	const length = sent.length + (fault.kind === 'wrongLength' ? fault.by : 0);
	const given = { ...headers, connection: 'close', 'content-length': length };
	const lines = Object.entries(given).map(([name, value]) => `${name}: ${String(value)}`);
	socket.on('error', () => undefined);
	socket.write([`HTTP/1.1 ${status} Spoilt`, ...lines, '', ''].join('\r\n'));
	switch (fault.kind) {
		case 'truncate':
			socket.write(body.subarray(0, fault.bytes ?? half.length));
			// What was written must arrive before the connection breaks.
			await sleep(20);
			socket.destroy();
			break;
		case 'drip':
			await drip(socket, sent, fault);
			if (!fault.endless) socket.end();
			break;
		default:
			socket.write(sent);
			// A client that still waits for more is left waiting.
			if (length <= sent.length) socket.end();
	}
}

async function drip(
	socket: Socket,
	body: Buffer,
	{ pieces, ms, endless }: Extract<SpoiltAnswer, { kind: 'drip' }>,
): Promise<void> {
	const size = Math.max(1, Math.ceil(body.length / pieces));
	// The last byte of an endless answer never comes.
	const end = endless ? body.length - 1 : body.length;
	for (let from = 0; from < end && !socket.destroyed; from += size) {
		socket.write(body.subarray(from, Math.min(from + size, end)));
		await sleep(ms);
	}
}

/** Closes a server's port, and opens it again after so many ms. Answers under way still leave. */
export function closeFor(server: Server, ms: number): void {
	const { port, address } = server.address() as AddressInfo;
	server.close();
	const reopening = setTimeout(() => server.listen(port, address), ms);
	reopenings.set(server, reopening);
}

/** Lets a port that is closed for a while stay closed. */
export function stayClosed(server: Server): void {
	clearTimeout(reopenings.get(server));
}

const reopenings = new WeakMap<Server, NodeJS.Timeout>();
