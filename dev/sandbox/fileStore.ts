import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Files live for 24 hours (recording of the real API), in ms. */
const LIFETIME_MS = 24 * 60 * 60 * 1000;

/** An uploaded file; its bytes lie at `path`. */
export interface StoredFile {
	id: string;
	owner: string;
	name: string;
	contentType: string;
	size: number;
	md5: string;
	sha256: string;
	metadata: unknown;
	createdAt: number;
	path: string;
}

/** The files of the Files API, each visible to its owner only, until they expire. */
export class FileStore {
	/** Signs the addresses under which the bytes of a file can be had. The API hands it to nobody. */
	readonly signingSecret = randomUUID();
	private readonly files = new Map<string, StoredFile>();

	constructor(
		private readonly folder: string,
		private readonly now: () => number,
	) {}

	/** Writes a stream to disk and hashes it on the way. `finish` makes it a file of the API. */
	async write(
		content: Readable,
	): Promise<{ path: string; size: number; md5: string; sha256: string }> {
		const path = join(this.folder, randomUUID());
		const md5 = createHash('md5');
		const sha256 = createHash('sha256');
		let size = 0;
		content.on('data', (chunk: Buffer) => {
			size += chunk.length;
			md5.update(chunk);
			sha256.update(chunk);
		});
		await pipeline(content, createWriteStream(path));
		return { path, size, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
	}

	/**
	 * The signature of an address: HMAC-SHA256 over owner, id and expiry with spaces between (OpenAPI
	 * document, files.download).
	 *
	 * @param expiry in s since 1970
	 */
	sign(owner: string, id: string, expiry: number): string {
		const hmac = createHmac('sha256', this.signingSecret);
		return hmac.update(`${owner} ${id} ${expiry}`).digest('base64');
	}

	add(file: Omit<StoredFile, 'id' | 'createdAt'>): StoredFile {
		const id = Buffer.from(randomUUID()).toString('base64url');
		const stored = { ...file, id, createdAt: this.now() };
		this.files.set(id, stored);
		return stored;
	}

	get(id: string, owner: string): StoredFile | undefined {
		const file = this.files.get(id);
		const isThere = file?.owner === owner && this.now() < file.createdAt + LIFETIME_MS;
		return isThere ? file : undefined;
	}

	/** An account's files, newest first. */
	list(owner: string): StoredFile[] {
		return [...this.files.values()].filter(({ id }) => this.get(id, owner)).reverse();
	}

	async delete(file: StoredFile): Promise<void> {
		this.files.delete(file.id);
		await rm(file.path, { force: true });
	}

	/** The file as the API shows it. */
	toJson(file: StoredFile, baseUrl: string): object {
		return {
			id: file.id,
			name: file.name,
			content_type: file.contentType,
			size: file.size,
			etag: file.md5,
			checksums: { sha256: file.sha256, md5: file.md5 },
			metadata: file.metadata,
			created_at: new Date(file.createdAt).toISOString(),
			expires_at: new Date(file.createdAt + LIFETIME_MS).toISOString(),
			urls: { get: `${baseUrl}/files/${file.id}` },
		};
	}
}
