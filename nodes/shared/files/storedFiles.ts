import type { CallOptions, ReplicateClient } from '../api/client';
import { now } from '../api/clock';
import { readPages } from '../api/pages';
import { FILE_SHAPE, type ReplicateFile } from '../api/shapes';
import { lookUntil } from '../api/timeLimit';
import { sha256, type BinaryFile } from './binaryFile';

/**
 * What is noted at a file that its run deletes when its predictions have ended, so that no other run
 * takes it, in whatever process.
 */
export const DELETED_AFTER_USE = { deleted_after_use: true };

function isDeletedAfterUse({ metadata }: ReplicateFile): boolean {
	return metadata?.deleted_after_use === true;
}

/** How many of the account's files are looked at. */
const LISTED = 1_000;

/** The files of the account that Replicate stores, for one run of the node: listed once. */
export class StoredFiles {
	private listed?: Promise<ReplicateFile[]>;

	constructor(private readonly client: ReplicateClient) {}

	/**
	 * A stored file with the same bytes and type that lasts long enough. The file is only read, for its
	 * hash, where a stored one has its size.
	 *
	 * @param until  when it must still be there, as a time in ms
	 * @param item   until when the item waits that asks, and what stops it
	 * @returns `undefined` where there is none, or the list cannot be read
	 * @throws InputError when n8n cannot read the file
	 */
	async find(
		file: BinaryFile,
		until: number,
		{ signal, until: deadline = Infinity }: Pick<CallOptions, 'signal' | 'until'>,
	): Promise<ReplicateFile | undefined> {
		const limits = { signal, until: lookUntil(deadline, now()) };
		const reading = Promise.all([this.all(limits), this.client.clockOffset(limits)]);
		const [stored, offset] = await reading.catch(() => [[], 0] as const);
		const lasts = ({ expires_at: expiresAt }: ReplicateFile) =>
			Date.parse(expiresAt ?? '') > until + offset;
		const alike = stored.filter(
			(one) =>
				one.size === file.bytes &&
				one.content_type === file.mimeType &&
				lasts(one) &&
				!isDeletedAfterUse(one),
		);
		if (alike.length === 0) return undefined;
		const hash = await sha256(file);
		return alike.find(({ checksums }) => checksums?.sha256 === hash);
	}

	/** A reading that failed is not begun again: each item would wait for it anew. */
	private async all(limits: CallOptions): Promise<ReplicateFile[]> {
		this.listed ??= readPages(this.client, '/files', FILE_SHAPE, LISTED, limits);
		return await this.listed;
	}
}
