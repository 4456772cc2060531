import { createHash } from 'node:crypto';
import { Agent, request } from 'undici';
import { parseDataUri } from './dataUri';
import type { FileStore } from './fileStore';
import type { FetchedFile } from './models/model';
import { publicLookup } from './publicLookup';

/** Fetches input files for models, as a worker of Replicate does. */
export class FileAccess {
	/** The API's own address, below which Files API URLs lie. */
	baseUrl = '';
	private readonly dispatcher = new Agent({ connect: { lookup: publicLookup } });

	constructor(private readonly store: FileStore) {}

	/**
	 * Gets the bytes behind an input. A Files API URL works for files of the prediction's own account
	 * only; any other https or http URL is asked for without a token.
	 */
	async fetch(address: string, owner: string): Promise<FetchedFile> {
		if (address.startsWith('data:')) {
			const { bytes, mimeType } = parseDataUri(address);
			const sha256 = createHash('sha256').update(bytes).digest('hex');
			return { content: bytes, name: 'file', mimeType, size: bytes.length, sha256 };
		}
		const id = address.startsWith(`${this.baseUrl}/files/`)
			? address.split('/').at(-1)!
			: undefined;
		if (id !== undefined) {
			const file = this.store.get(id, owner);
			if (!file) throw new Error(`404 Client Error: Not Found for url: ${address}`);
			const { path: content, name, contentType: mimeType, size, sha256 } = file;
			return { content, name, mimeType, size, sha256 };
		}
		const response = await request(address, { dispatcher: this.dispatcher });
		if (response.statusCode !== 200) {
			throw new Error(`${response.statusCode} Client Error for url: ${address}`);
		}
		const mimeType = String(response.headers['content-type'] ?? 'application/octet-stream');
		const name = decodeURIComponent(new URL(address).pathname.split('/').at(-1) || 'file');
		const { path: content, size, sha256 } = await this.store.write(response.body);
		return { content, name, mimeType, size, sha256 };
	}

	/** Breaks off what is being fetched. */
	async stop(): Promise<void> {
		await this.dispatcher.destroy();
	}
}
