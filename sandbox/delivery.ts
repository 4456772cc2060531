import { randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { contentType } from 'mime-types';
import type { Faults } from './faults';

/** Outputs of API predictions are removed after an hour (Replicate docs, data retention), in ms. */
export const OUTPUT_LIFETIME_MS = 60 * 60 * 1000;

interface DeliveredFile {
	path: string;
	mimeType: string;
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
			if (fault?.kind === 'truncate' || fault?.kind === 'cutBefore') {
				const end = fault.kind === 'truncate' ? fault.bytes - 1 : -1;
				reply.hijack();
				if (end >= 0) {
					reply.raw.writeHead(200, { 'content-type': file.mimeType, 'content-length': size });
					for await (const chunk of createReadStream(file.path, { end })) reply.raw.write(chunk);
				}
				setTimeout(() => reply.raw.destroy(), 20);
				return reply;
			}
			return await reply
				.type(file.mimeType)
				.headers({
					'content-length': size,
					'access-control-allow-origin': '*',
					'cache-control': 'public, max-age=3600',
				})
				.send(createReadStream(file.path));
		});
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
		this.files.set(path, { path: stored, mimeType, createdAt: this.now(), expires });
		return `${this.origin}${path}`;
	}
}
