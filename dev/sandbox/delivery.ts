import { randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { contentType } from 'mime-types';
import { isSpoilt, type Faults } from './faults';
import { closeFor, sendSpoilt } from './spoil';

/** Outputs of API predictions are removed after an hour (Replicate docs, data retention), in ms. */
export const OUTPUT_LIFETIME_MS = 60 * 60 * 1000;

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
	/** Headers that tests change: no ranges, another length, packed bytes. */
	extraHeaders: (path: string) => Record<string, string | number> = () => ({});
	private readonly files = new Map<string, DeliveredFile>();
	private origin = '';

	constructor(
		private readonly folder: string,
		private readonly now: () => number,
		faults: Faults,
	) {
		this.server = Fastify({ forceCloseConnections: true });
		this.server.get('/*', async (request, reply) => {
			const { url: path, headers } = request;
			this.requests.push({ path, headers });
			const fault = faults.take('GET', path);
			if (fault?.kind === 'answer') {
				return await reply
					.code(fault.status)
					.headers(fault.headers ?? {})
					.send(fault.body ?? '');
			}
			const file = this.files.get(path.split('?')[0]!);
			const isThere = file && (!file.expires || this.now() < file.createdAt + OUTPUT_LIFETIME_MS);
			if (!isThere) return await reply.code(404).type('text/plain').send('Not Found');
			const { size } = await stat(file.path);
			const given: Record<string, string | number> = {
				'content-type': file.mimeType,
				'content-length': size,
				etag: file.etag,
				'accept-ranges': 'bytes',
				'access-control-allow-origin': '*',
				'cache-control': 'public, max-age=3600',
				...this.extraHeaders(path),
			};
			if (isSpoilt(fault)) {
				reply.hijack();
				const body = await readFile(file.path);
				await sendSpoilt(request.socket, { status: 200, headers: given, body }, fault);
				return reply;
			}
			if (fault?.kind === 'cutBefore' || fault?.kind === 'cutAfter') {
				reply.hijack();
				setTimeout(() => reply.raw.destroy(), 20);
				return reply;
			}
			if (fault?.kind === 'stall') {
				reply.hijack();
				reply.raw.writeHead(200, given as OutgoingHttpHeaders);
				reply.raw.write((await readFile(file.path)).subarray(0, 10));
				return reply;
			}
			const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? NaN);
			const isPart = from < size && request.headers['if-range'] === given.etag;
			if (!isPart) return await reply.headers(given).send(createReadStream(file.path));
			return await reply
				.code(206)
				.headers(given)
				.header('content-length', size - from)
				.header('content-range', `bytes ${from}-${size - 1}/${size}`)
				.send(createReadStream(file.path, { start: from }));
		});
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

	private async put(path: string, bytes: Buffer, name: string, expires: boolean): Promise<string> {
		const stored = join(this.folder, randomUUID());
		await writeFile(stored, bytes);
		const mimeType = contentType(name) || 'application/octet-stream';
		const etag = `"${randomUUID()}"`;
		this.files.set(path, { path: stored, mimeType, etag, createdAt: this.now(), expires });
		return `${this.origin}${path}`;
	}
}
