/**
 * A streamed request body. n8n's helper makes a stream of anything that says of itself that it is a
 * `Blob`, and sends its size as the length; no Node stream has to be made here.
 */
export class SentBody {
	readonly [Symbol.toStringTag] = 'Blob';
	readonly size: number;
	readonly type: string;
	private readonly chunks: AsyncIterator<Uint8Array>;

	/** @param headers with the body's `content-length` in bytes and its `content-type` */
	constructor(chunks: AsyncIterable<Uint8Array>, headers: Record<string, string>) {
		this.size = Number(headers['content-length']);
		this.type = headers['content-type'] ?? '';
		this.chunks = chunks[Symbol.asyncIterator]();
	}

	stream(): AsyncIterable<Uint8Array> {
		const { chunks } = this;
		return { [Symbol.asyncIterator]: () => chunks };
	}

	/** Lets go of the file: the helper leaves a stream open whose request was aborted. */
	close(): void {
		void this.chunks.return?.()?.catch(() => undefined);
	}
}
