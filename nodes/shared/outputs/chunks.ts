import { now } from '../api/clock';
import { errorFromNetwork } from '../api/networkError';
import { sleep } from '../api/sleep';
import { MIN_SPEED } from '../api/timeLimit';
import type { ResponseBody } from '../api/transport';
import { ask, longestPauseMs, type DownloadOptions, type Opened } from './request';

/** How often a broken download is resumed where it broke, before it is begun again. */
const MAX_RESUMES = 5;
/** Pause before a download is resumed, in ms. */
const RESUME_PAUSE_MS = 500;

/** The chunks of one file. Where the server allows it, a broken download is resumed where it broke. */
export class Chunks {
	/** Why they ended before the file did. */
	error?: unknown;
	isTooLarge = false;
	private received = 0;
	/** What is being read: the first response's body, or that of the rest. */
	private body: ResponseBody;

	constructor(
		private readonly opened: Opened,
		private readonly options: DownloadOptions,
	) {
		this.body = opened.response.body;
	}

	/** Closes the connection, whether or not anything was read. */
	discard(): void {
		this.body.discard();
	}

	/** @throws ApiError when the rest cannot be had, or the file is too large */
	async *read(): AsyncGenerator<Uint8Array> {
		for (let resumes = 0; ; resumes++) {
			this.error = undefined;
			yield* this.readPart();
			if (this.error === undefined) return;
			const mayResume = !this.isTooLarge && resumes < MAX_RESUMES && now() < this.options.until;
			const rest = mayResume ? await this.rest() : undefined;
			if (!rest) throw this.error;
			this.body = rest;
		}
	}

	/** The chunks of one response; `error` says why there are no more, if the file is not whole. */
	private async *readPart(): AsyncGenerator<Uint8Array> {
		const { response, url } = this.opened;
		const { maxBytes = Infinity } = this.options;
		const length = response.headers['content-length'];
		const pace = new Pace(longestPauseMs(this.options));
		const chunks = this.body[Symbol.asyncIterator]();
		const failed = (code: string) => errorFromNetwork(url.origin, code, true);
		try {
			for (;;) {
				const chunk = await chunks.next().catch((error: unknown) => {
					this.error = error;
					return { done: true, value: undefined } as const;
				});
				if (chunk.done) break;
				this.received += chunk.value.length;
				if (this.received > maxBytes) {
					this.isTooLarge = true;
					this.error = failed('TOO_LARGE');
					return;
				}
				yield chunk.value;
				if (pace.isDead(chunk.value.length)) {
					this.error = failed('STALLED');
					return;
				}
			}
		} finally {
			this.discard();
		}
		const isWhole = length === undefined || this.received === Number(length);
		if (!isWhole) this.error ??= failed('INCOMPLETE');
	}

	/** The rest of the file, or `undefined` when the server cannot give it, or gives another file. */
	private async rest(): Promise<ResponseBody | undefined> {
		const { response } = this.opened;
		const { etag, 'accept-ranges': ranges } = response.headers;
		if (ranges !== 'bytes' || typeof etag !== 'string' || this.received === 0) return undefined;
		await sleep(RESUME_PAUSE_MS, this.options.signal);
		const headers = { range: `bytes=${this.received}-`, 'if-range': etag };
		const rest = await ask(this.opened, this.options, headers).catch(() => undefined);
		const begins = rest?.headers['content-range']?.toString().startsWith(`bytes ${this.received}-`);
		if (rest?.status === 206 && begins) return rest.body;
		rest?.body.discard();
		return undefined;
	}
}

/** Tells a slow line from one that only pretends to move: a chunk now and then is no transfer. */
class Pace {
	private since = now();
	private bytes = 0;

	constructor(private readonly windowMs: number) {}

	/** Whether, with these bytes, a whole window has brought less than the least speed. */
	isDead(bytes: number): boolean {
		this.bytes += bytes;
		const elapsed = now() - this.since;
		if (elapsed < this.windowMs) return false;
		const isDead = this.bytes < (elapsed / 1_000) * MIN_SPEED;
		this.since = now();
		this.bytes = 0;
		return isDead;
	}
}
