import type { Readable } from 'node:stream';
import { errorFromNetwork } from '../api/networkError';
import { sleep } from '../api/sleep';
import { LEAST_SPEED } from '../api/timeLimit';
import { transportError } from '../api/transport';
import { ask, discard, longestPauseMs, type DownloadOptions, type Opened } from './request';

/** How often a broken download is taken up where it broke, before it is begun again. */
const MAX_RESUMES = 5;
/** Pause before a download is taken up again, in ms. */
const RESUME_PAUSE_MS = 500;

/** The pieces of one file. Where the server allows it, a break is mended by asking for the rest. */
export class Pieces {
	isTooLarge = false;
	private received = 0;

	constructor(
		private readonly opened: Opened,
		private readonly options: DownloadOptions,
		/** A break is not mended after this time, in ms. */
		private readonly until: number,
	) {}

	/** @throws ApiError when the rest cannot be had, or the file is too large */
	async *read(): AsyncGenerator<Buffer> {
		const { answer, url } = this.opened;
		const { maxBytes = Infinity } = this.options;
		const length = answer.headers['content-length'];
		let body: Readable = answer.body;
		for (let resumes = 0; ; resumes++) {
			const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
			const pace = new Pace(longestPauseMs(this.options));
			let broke: unknown;
			for (;;) {
				const piece = await pieces.next().catch((error: unknown) => {
					broke = error;
					return { done: true, value: undefined } as const;
				});
				if (piece.done) break;
				this.received += piece.value.length;
				if (this.received > maxBytes) {
					this.isTooLarge = true;
					discard(body);
					throw errorFromNetwork(url.origin, 'TOO_LARGE', true);
				}
				yield piece.value;
				if (pace.isDead(piece.value.length)) {
					broke = { code: 'STALLED' };
					discard(body);
					break;
				}
			}
			const isWhole = length === undefined || this.received === Number(length);
			if (broke === undefined && isWhole) return;
			const error = transportError(broke ?? { code: 'INCOMPLETE' }, url, this.options.signal);
			const mayResume = resumes < MAX_RESUMES && Date.now() < this.until;
			const rest = mayResume ? await this.rest() : undefined;
			if (!rest) throw error;
			body = rest;
		}
	}

	/** The rest of the file, or `undefined` when the server cannot give it, or gives another file. */
	private async rest(): Promise<Readable | undefined> {
		const { answer, url } = this.opened;
		const { etag, 'accept-ranges': ranges } = answer.headers;
		if (ranges !== 'bytes' || !etag || this.received === 0) return undefined;
		await sleep(RESUME_PAUSE_MS, this.options.signal);
		const headers = { range: `bytes=${this.received}-`, 'if-range': etag };
		const rest = await ask(url, this.options, headers).catch(() => undefined);
		const begins = rest?.headers['content-range']?.toString().startsWith(`bytes ${this.received}-`);
		if (rest?.status === 206 && begins) return rest.body;
		if (rest) discard(rest.body);
		return undefined;
	}
}

/** Tells a slow line from one that only pretends to move: a piece now and then is no transfer. */
class Pace {
	private since = Date.now();
	private bytes = 0;

	constructor(private readonly windowMs: number) {}

	/** Whether, with these bytes, a whole window has brought less than the least speed. */
	isDead(bytes: number): boolean {
		this.bytes += bytes;
		const elapsed = Date.now() - this.since;
		if (elapsed < this.windowMs) return false;
		const isDead = this.bytes < (elapsed / 1_000) * LEAST_SPEED;
		this.since = Date.now();
		this.bytes = 0;
		return isDead;
	}
}
