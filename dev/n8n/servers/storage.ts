import type { RunningDaemon } from './daemon';

/** A credential of n8n: its type, and what is in it. */
export interface ServerCredential {
	type: string;
	data: Record<string, unknown>;
}

/** A file as it is kept at a server. */
export interface StoredFile {
	name: string;
	bytes: Buffer;
	/** The MIME type, where the server keeps one. */
	type?: string;
}

/** A server that stores files, on loopback, and how n8n signs in to it. */
export interface StorageServer extends RunningDaemon {
	credential: ServerCredential;
	/** Where a person finds what is stored. */
	place: string;
	/**
	 * Puts a file into one of its folders.
	 *
	 * @param type the MIME type that is stored with it, where the server keeps one
	 */
	put(folder: string, name: string, bytes: Buffer, type?: string): Promise<void>;
	/** All files of one of its folders, in the order of their names. */
	list(folder: string): Promise<StoredFile[]>;
}
