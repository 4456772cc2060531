import { after } from '../../../nodes/shared/api/timer';

/*
 * Node's timers, for libraries: file-type limits by them how long it looks into an archive that is
 * still being read. They have the names that they take the place of.
 */

export function setTimeout(callback: () => void, ms: number): () => void {
	return after(ms, callback);
}

export function clearTimeout(end?: () => void): void {
	end?.();
}
