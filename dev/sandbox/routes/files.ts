import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problems';
import { ownerOf, type Api } from './api';

/** The Files API: upload, metadata, list and delete. */
export function fileRoutes(server: FastifyInstance, api: Api): void {
	// The body stays a stream: files go to disk while they arrive.
	server.addContentTypeParser('multipart/form-data', (_request, payload, done) => {
		done(null, payload);
	});

	server.post('/v1/files', async (request, reply) => {
		const owner = ownerOf(api, request);
		const { content, metadata } = await readForm(api, request);
		const file = api.files.add({ ...content, owner, metadata });
		return await reply.code(201).send(api.files.toJson(file, api.baseUrl));
	});

	server.get('/v1/files', async (request) => {
		const files = api.files.list(ownerOf(api, request));
		const results = files.map((file) => api.files.toJson(file, api.baseUrl));
		return { previous: null, next: null, results };
	});

	server.get<{ Params: { id: string } }>('/v1/files/:id', async (request) =>
		api.files.toJson(find(request, request.params.id), api.baseUrl),
	);

	server.get<{ Params: { id: string }; Querystring: DownloadQuery }>(
		'/v1/files/:id/download',
		async (request, reply) => {
			const { owner, expiry, signature } = request.query;
			const isSigned = signature === api.files.sign(owner, request.params.id, Number(expiry));
			const isFresh = Number(expiry) * 1_000 > api.now();
			const file = isSigned && isFresh ? api.files.get(request.params.id, owner) : undefined;
			if (!file) throw new Problem(404, { detail: 'File not found', status: 404 });
			return await reply.type('application/octet-stream').send(createReadStream(file.path));
		},
	);

	server.get<{ Params: { id: string; name: string } }>(
		'/v1/files/:id/:name',
		async (request, reply) => {
			const { id, name } = request.params;
			const file = api.outputFiles.get(id, name, ownerOf(api, request));
			if (!file) throw new Problem(404, { detail: 'File not found', status: 404 });
			if (file.redirectTo !== undefined) return await reply.redirect(file.redirectTo, 302);
			return await reply.type(file.mimeType).send(file.bytes);
		},
	);

	server.delete<{ Params: { id: string } }>('/v1/files/:id', async (request, reply) => {
		await api.files.delete(find(request, request.params.id));
		return await reply.code(204).send();
	});

	function find(request: FastifyRequest, id: string) {
		const file = api.files.get(id, ownerOf(api, request));
		if (!file) throw new Problem(404, { detail: 'File not found', status: 404 });
		return file;
	}
}

interface DownloadQuery {
	owner: string;
	/** In s since 1970. */
	expiry: string;
	signature: string;
}

interface Content {
	name: string;
	contentType: string;
	path: string;
	size: number;
	md5: string;
	sha256: string;
}

/** Reads `content` to disk, and `metadata`, which comes as a field or as a part of its own. */
async function readForm(
	api: Api,
	request: FastifyRequest,
): Promise<{ content: Content; metadata: unknown }> {
	const busboy = new Busboy({
		headers: request.headers as BusboyHeaders,
		limits: { fileSize: api.maxFileBytes + 1 },
	});
	const parts: Array<Promise<void>> = [];
	let content: Content | undefined;
	let metadata: unknown = {};
	busboy.on('file', (field, stream, name, _encoding, contentType) => {
		const read = async () => {
			if (field === 'metadata') {
				metadata = JSON.parse(await text(stream)) as unknown;
				return;
			}
			const written = await api.files.write(stream);
			if (field === 'content') content = { ...written, name: name ?? 'file', contentType };
		};
		parts.push(read());
	});
	busboy.on('field', (field, value) => {
		if (field === 'metadata') metadata = JSON.parse(value) as unknown;
	});
	await new Promise<void>((resolve, reject) => {
		busboy.on('finish', resolve).on('error', reject);
		(request.body as Readable).on('error', reject).pipe(busboy);
	});
	await Promise.all(parts);
	if (!content) throw new Problem(400, { detail: 'Missing content', status: 400 });
	if (content.size > api.maxFileBytes) {
		throw new Problem(413, { detail: 'Files must be less than 100MB in size' });
	}
	return { content, metadata };
}

async function text(stream: Readable): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString('utf8');
}
