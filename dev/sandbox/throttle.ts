import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Parts of a second in which bytes leave. */
const STEPS = 20;

/** Lets bytes through at a steady rate. */
export function throttled(bytesPerSecond: number): Transform {
	const step = Math.max(1, Math.floor(bytesPerSecond / STEPS));
	return new Transform({
		async transform(chunk: Buffer, _encoding, done) {
			for (let from = 0; from < chunk.length && !this.destroyed; from += step) {
				this.push(chunk.subarray(from, from + step));
				await sleep((1_000 * step) / bytesPerSecond);
			}
			done();
		},
	});
}
