import { randomUUID } from 'node:crypto';
import { contentType } from 'mime-types';
import type { Retention } from './retention';

/** An output file that lies on the API's own origin (seen in real responses of 2025). */
interface OutputFile {
	owner: string;
	mimeType: string;
	bytes: Buffer;
	createdAt: number;
	/** Where the API sends the client on to, instead of giving the bytes. */
	redirectTo?: string;
}

/** Output files below `/v1/files/<id>/<name>`, for their account's token only. */
export class OutputFiles {
	/** The API's address as its responses name it. */
	baseUrl = '';
	private readonly files = new Map<string, OutputFile>();

	constructor(
		private readonly now: () => number,
		private readonly retention: Retention,
	) {}

	/**
	 * Puts a file here.
	 *
	 * @param redirectTo an address that the API redirects to
	 * @returns its address
	 */
	add(owner: string, name: string, bytes: Buffer, redirectTo?: string): string {
		const path = `${randomUUID()}/${encodeURIComponent(name)}`;
		const mimeType = contentType(name) || 'application/octet-stream';
		this.files.set(path, { owner, mimeType, bytes, redirectTo, createdAt: this.now() });
		return `${this.baseUrl}/files/${path}`;
	}

	/** An account's file, until it is removed with the rest of its prediction. */
	get(id: string, name: string, owner: string): OutputFile | undefined {
		const file = this.files.get(`${id}/${encodeURIComponent(name)}`);
		const isThere = file?.owner === owner && !this.retention.isOver(file.createdAt);
		return isThere ? file : undefined;
	}

	/** Removes a file by its address, if it is one of these. */
	remove(address: string): void {
		this.files.delete(address.slice(`${this.baseUrl}/files/`.length));
	}
}
