import { createHash, createHmac, timingSafeEqual } from 'crypto';
import { stage } from '../stage';

export { createHash, createHmac, timingSafeEqual };

/** The same bytes in each play of a history; no two alike. */
export function randomBytes(size: number): Buffer {
	const id = String(stage.ids++);
	const hash = createHash('sha512').update(id).digest();
	return Buffer.concat(Array.from({ length: Math.ceil(size / 64) }, () => hash)).subarray(0, size);
}

export function randomUUID(): string {
	const hex = randomBytes(16).toString('hex');
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		hex.slice(12, 16),
		hex.slice(16, 20),
		hex.slice(20),
	].join('-');
}

/** A whole number from 0 on, below this one. */
export function randomInt(below: number): number {
	return randomBytes(4).readUInt32BE() % below;
}
