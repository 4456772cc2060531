import type { IBinaryData } from 'n8n-workflow';
import { FILE_SHAPE, type ReplicateFile } from '../api/shapes';
import type { CallOptions, ReplicateClient } from '../api/client';
import { now } from '../api/clock';
import { ReplicateError } from '../api/errors';
import { binaryBytes, sha256, type BinaryFile, type BinaryStore } from './binaryFile';
import { multipartBody } from './multipart';
import { DELETED_AFTER_USE, StoredFiles } from './storedFiles';

/** How a file goes up. */
export interface UploadOptions extends CallOptions {
	/** Whether it is deleted when what reads it has ended, so that no other run may take it. */
	isDeletedAfterUse?: boolean;
	/**
	 * How much longer a file of the same bytes that Replicate stores already must be there to be taken
	 * instead, in ms from now; without it none is looked for.
	 */
	storedForMs?: number;
}

/**
 * Stores one file in Replicate's Files API.
 *
 * @throws ApiError       when Replicate refuses it
 * @throws InputError     when n8n cannot read the file
 * @throws ReplicateError when it was not finished by `until`
 */
async function uploadFile(
	client: ReplicateClient,
	file: BinaryFile,
	{ isDeletedAfterUse = false, ...options }: UploadOptions = {},
): Promise<ReplicateFile> {
	const { until = Infinity } = options;
	const body = multipartBody(file, isDeletedAfterUse ? DELETED_AFTER_USE : undefined);
	const sending = client.upload('/files', body, { ...options, shape: FILE_SHAPE });
	return await sending.catch((error: unknown) => {
		if (now() < until || options.signal?.aborted) throw error;
		throw new ReplicateError(
			`The file "${file.name}" could not be uploaded within the time limit`,
			{ code: 'uploadTimedOut', file: file.name },
		);
	});
}

/** How long the removal of stored files may take, in ms: nobody's result waits for it. */
const REMOVAL_MS = 10_000;

/** Removes stored files. What cannot be removed soon expires by itself. */
export async function deleteUploads(client: ReplicateClient, ids: string[]): Promise<void> {
	const until = now() + REMOVAL_MS;
	await Promise.all(
		ids.map(
			async (id) =>
				await client.delete(`/files/${encodeURIComponent(id)}`, { until }).catch(() => undefined),
		),
	);
}

/** The uploads of one node run: the same bytes go up once, whatever items they are in. */
export class Uploads {
	private readonly byIdentity = new Map<string, Promise<ReplicateFile>>();
	/** Ids of files that were there before this run. */
	private readonly found = new Set<string>();
	/** What Replicate stores already. */
	private readonly stored: StoredFiles;
	private sizes?: Promise<Map<number, number>>;

	/**
	 * @param carried all files that the run's items hold
	 * @param store   n8n's binary store, which they are in
	 */
	constructor(
		private readonly client: ReplicateClient,
		private readonly carried: IBinaryData[] = [],
		private readonly store?: BinaryStore,
	) {
		this.stored = new StoredFiles(client);
	}

	/** Uploads a file, or gives the upload that another item has already begun. */
	async upload(file: BinaryFile, options: UploadOptions = {}): Promise<ReplicateFile> {
		// What one item deletes must not be another's that does not.
		const identity = `${await this.identity(file)} ${options.isDeletedAfterUse ?? false}`;
		const begun = this.byIdentity.get(identity);
		if (begun) {
			// The time of the item that began it may be up before this one's.
			return await begun.catch(async (error: unknown) => {
				if (!isOutOfTime(error) || now() >= (options.until ?? Infinity)) throw error;
				return await this.upload(file, options);
			});
		}
		const upload = this.findOrUpload(file, options);
		this.byIdentity.set(identity, upload);
		// A failed upload is not remembered: the next item that needs the file tries again.
		upload.catch(() => this.byIdentity.delete(identity));
		return await upload;
	}

	private async findOrUpload(
		file: BinaryFile,
		{ storedForMs, ...options }: UploadOptions,
	): Promise<ReplicateFile> {
		const stored =
			storedForMs === undefined
				? undefined
				: await this.stored.find(file, now() + storedForMs, options);
		if (!stored) return await uploadFile(this.client, file, options);
		this.found.add(stored.id);
		return stored;
	}

	/** How many files that Replicate stored already were taken. */
	get reusedFiles(): number {
		return this.found.size;
	}

	/** Whether this run uploaded the file, so that it may remove it. */
	isOwn(id: string): boolean {
		return !this.found.has(id);
	}

	/** n8n's store id; but the hash of the bytes where other files have the same size, or no id. */
	private async identity(file: BinaryFile): Promise<string> {
		this.sizes ??= this.countSizes();
		const sameSize = (await this.sizes).get(file.bytes) ?? 0;
		if (file.storeId && sameSize < 2) return file.storeId;
		return await sha256(file);
	}

	/** How many distinct files of the run have each size. */
	private async countSizes(): Promise<Map<number, number>> {
		const distinct = new Map(this.carried.map((file, index) => [file.id ?? index, file]));
		const sizes = await Promise.all(
			// A file that cannot be read is not sent.
			[...distinct.values()].map(
				async (file) => await binaryBytes(file, this.store!).catch(() => 0),
			),
		);
		const counts = new Map<number, number>();
		for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
		return counts;
	}
}

function isOutOfTime(error: unknown): boolean {
	return error instanceof ReplicateError && error.code === 'uploadTimedOut';
}
