import { randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { contentType } from 'mime-types';
import { isSpoilt, type Fault, type Faults } from './faults';
import type { Retention } from './retention';
import { closeFor, sendSpoilt } from './spoil';
import { throttled } from './throttle';

interface DeliveredFile {
	path: string;
	mimeType: string;
	etag: string;
	createdAt: number;
	expires: boolean;
}

/** A request that the delivery origin has seen. Tests check that none carries a token. */
export interface DeliveryRequest {
	path: string;
	headers: IncomingHttpHeaders;
}

/** The second origin: it gives output files to anybody who knows their address, without a token. */
export class Delivery {
	readonly requests: DeliveryRequest[] = [];
	readonly server: FastifyInstance;
	/** Headers that tests change: no ranges, another length, compressed bytes. */
	extraHeaders: (path: string) => Record<string, string | number> = () => ({});
	/** How many bytes of a file leave in a second; by default as many as can. */
	bytesPerSecond: (path: string) => number | undefined = () => undefined;
	private readonly files = new Map<string, DeliveredFile>();
	/** Files that are made when they are first asked for. */
	private readonly unmade = new Map<string, () => Promise<string>>();
	private origin = '';

	constructor(
		private readonly folder: string,
		private readonly now: () => number,
		private readonly retention: Retention,
		private readonly faults: Faults,
	) {
		this.server = Fastify({ forceCloseConnections: true });
		this.server.get('/*', async (request, reply) => await this.serve(request, reply));
	}

	/** Closes this origin's port for so many ms: connections are refused. */
	refuseFor(ms: number): void {
		closeFor(this.server.server, ms);
	}

	async listen(port: number): Promise<string> {
		this.origin = await this.server.listen({ host: '127.0.0.1', port });
		return this.origin;
	}

	/** Puts a model's output file here and gives its address. */
	async deliver(bytes: Buffer, name: string): Promise<string> {
		const folder = randomBytes(32).toString('base64url');
		return await this.put(`/pbxt/${folder}/${encodeURIComponent(name)}`, bytes, name, true);
	}

	/** Puts a file here that stays, as somebody's own web server would. */
	async host(name: string, bytes: Buffer): Promise<string> {
		return await this.put(`/hosted/${encodeURIComponent(name)}`, bytes, name, false);
	}

	/** Gives the address of a file that stays, and that is made when it is first asked for. */
	promise(name: string, make: () => Promise<Buffer>): string {
		const path = `/examples/${randomBytes(16).toString('base64url')}/${encodeURIComponent(name)}`;
		let made: Promise<string> | undefined;
		this.unmade.set(
			path,
			() => (made ??= make().then(async (bytes) => await this.put(path, bytes, name, false))),
		);
		return `${this.origin}${path}`;
	}

	/** Removes a file by its address, if it is one of these. */
	remove(address: string): void {
		const path = address.slice(this.origin.length);
		this.files.delete(path);
		this.unmade.delete(path);
	}

	private async put(path: string, bytes: Buffer, name: string, expires: boolean): Promise<string> {
		const stored = join(this.folder, randomUUID());
		await writeFile(stored, bytes);
		const mimeType = contentType(name) || 'application/octet-stream';
		const etag = `"${randomUUID()}"`;
		this.files.set(path, { path: stored, mimeType, etag, createdAt: this.now(), expires });
		return `${this.origin}${path}`;
	}

	private async serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
		const { url: path, headers } = request;
		this.requests.push({ path, headers });
		const fault = this.faults.take('GET', path);
		if (fault?.kind === 'answer') {
			const { status, headers: given = {}, body = '' } = fault;
			return await reply.code(status).headers(given).send(body);
		}
		const [place = ''] = path.split('?');
		await this.unmade.get(place)?.();
		const file = this.files.get(place);
		if (!file || (file.expires && this.retention.isOver(file.createdAt))) {
			return await reply.code(404).type('text/plain').send('Not Found');
		}
		const { size } = await stat(file.path);
		const given = {
			'content-type': file.mimeType,
			'content-length': size,
			etag: file.etag,
			'accept-ranges': 'bytes',
			'access-control-allow-origin': '*',
			'cache-control': 'public, max-age=3600',
			...this.extraHeaders(path),
		};
		if (fault && (await breaks(fault, file.path, given, request, reply))) return reply;
		const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? NaN);
		const isPart = from < size && headers['if-range'] === given.etag;
		reply.headers(given);
		if (isPart) {
			reply
				.code(206)
				.header('content-length', size - from)
				.header('content-range', `bytes ${from}-${size - 1}/${size}`);
		}
		const bytes = createReadStream(file.path, { start: isPart ? from : 0 });
		const rate = this.bytesPerSecond(path);
		return await reply.send(rate === undefined ? bytes : bytes.pipe(throttled(rate)));
	}
}

/** Breaks a good response in the way of a fault. Whether it did. */
async function breaks(
	fault: Fault,
	path: string,
	headers: OutgoingHttpHeaders,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<boolean> {
	if (isSpoilt(fault)) {
		reply.hijack();
		await sendSpoilt(request.socket, { status: 200, headers, body: await readFile(path) }, fault);
		return true;
	}
	if (fault.kind === 'cutBefore' || fault.kind === 'cutAfter') {
		reply.hijack();
		setTimeout(() => reply.raw.destroy(), 20);
		return true;
	}
	if (fault.kind === 'stall') {
		reply.hijack();
		reply.raw.writeHead(200, headers);
		reply.raw.write((await readFile(path)).subarray(0, 10));
		return true;
	}
	return false;
}
