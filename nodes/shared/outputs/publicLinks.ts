import type { IBinaryData } from 'n8n-workflow';
import { InputError } from '../api/errors';
import type { BinaryStore } from '../files/binaryFile';
import { isReachableFrom } from '../files/publicUrl';
import type { KeepBinary } from './request';

/** n8n's own address of a file, which needs no sign-in, and when it ends (ISO 8601). */
export interface PublicLink {
	publicUrl: string;
	publicUrlExpiresAt: string;
}

const HOUR_MS = 3_600_000;

/** n8n's own public addresses of output files, for one run of the node. */
export class PublicLinks {
	private possible?: Promise<void>;

	/** @param baseUrl Replicate's address; with one on this machine (sandbox), links may be of this machine */
	constructor(
		private readonly store: BinaryStore,
		private readonly keep: KeepBinary,
		private readonly baseUrl: URL,
	) {}

	/**
	 * Checks that this n8n gives public links, before anything is paid for. Only a kept file shows
	 * whether n8n keeps files in memory, so it keeps one byte, which goes with the execution.
	 *
	 * @throws InputError where n8n is too old, keeps files in memory, or has no public address
	 */
	async assertPossible(): Promise<void> {
		this.possible ??= this.keep(Buffer.alloc(1), 'link.bin', 'application/octet-stream').then(
			(file) => void this.linkTo(file, 1),
		);
		await this.possible;
	}

	/** @throws InputError, see `assertPossible` */
	linkTo(file: IBinaryData, hours: number): PublicLink {
		if (!this.store.createBinarySignedUrl) {
			throw new InputError('This n8n is too old to give public links', {
				code: 'publicLinkTooOld',
			});
		}
		if (!file.id) {
			throw new InputError('n8n gives no public links, because it keeps binary data in memory', {
				code: 'publicLinkInMemory',
			});
		}
		// n8n counts from the beginning of a second.
		const from = Math.floor(Date.now() / 1_000) * 1_000;
		const publicUrl = this.store.createBinarySignedUrl(file, `${hours} hours`);
		if (!isReachableFrom(publicUrl, this.baseUrl)) {
			const { origin } = new URL(publicUrl);
			throw new InputError(
				`n8n gives no public links, because ${origin} is not a public https address`,
				{ code: 'publicLinkPrivate', origin },
			);
		}
		return { publicUrl, publicUrlExpiresAt: new Date(from + hours * HOUR_MS).toISOString() };
	}
}
