import type { ByteStream, ResponseBody } from '../../nodes/shared/api/transport';

/** How much is read ahead of what n8n has stored, in bytes. */
const READ_AHEAD_BYTES = 1024 * 1024;

type StreamClass = { from(chunks: AsyncIterable<Uint8Array>, options: object): ByteStream };

/**
 * A response's body as n8n's helper gives it.
 *
 * @param end aborts its request
 */
export function responseBody(body: ByteStream, end: () => void): ResponseBody {
	// A body that is not read to its end reports an error, which nobody waits for.
	body.on('error', () => undefined);
	return {
		[Symbol.asyncIterator]: () => body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
		discard() {
			end();
			body.destroy();
		},
		// Node's class of streams, without an import: every stream's class has it.
		toStream: (chunks) =>
			(body.constructor as unknown as StreamClass).from(chunks, {
				objectMode: false,
				highWaterMark: READ_AHEAD_BYTES,
			}),
	};
}
