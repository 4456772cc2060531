import { stage } from '../stage';

/** `node:timers/promises` for the sandbox's core. */
export async function setTimeout<T>(
	ms: number,
	value?: T,
	{ signal }: { signal?: AbortSignal; ref?: boolean } = {},
): Promise<T> {
	await stage.time.sleep(ms, signal);
	return value as T;
}
