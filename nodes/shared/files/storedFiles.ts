import type { ReplicateClient } from '../api/client';
import { readPages } from '../api/pages';
import { FILE_SHAPE, type ReplicateFile } from '../api/shapes';
import { sha256, type BinaryFile } from './binaryFile';

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
	 * @param until when it must still be there, as a time in ms
	 * @returns `undefined` where there is none, or the list cannot be read
	 * @throws InputError when n8n cannot read the file
	 */
	async find(file: BinaryFile, until: number): Promise<ReplicateFile | undefined> {
		const [stored, offset] = await Promise.all([this.all(), this.client.clockOffset()]).catch(
			() => [[], 0] as const,
		);
		const lasts = ({ expires_at: expiresAt }: ReplicateFile) =>
			Date.parse(expiresAt ?? '') > until + offset;
		const alike = stored.filter(
			(one) => one.size === file.bytes && one.content_type === file.mimeType && lasts(one),
		);
		if (alike.length === 0) return undefined;
		const hash = await sha256(file);
		return alike.find(({ checksums }) => checksums?.sha256 === hash);
	}

	private async all(): Promise<ReplicateFile[]> {
		this.listed ??= readPages(this.client, '/files', FILE_SHAPE, LISTED);
		return await this.listed;
	}
}
