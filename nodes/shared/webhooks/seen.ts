/** How long a webhook can come again, in ms: its signature is rejected after 5 minutes anyway. */
const MEMORY_MS = 10 * 60 * 1_000;

/** Webhooks that were taken, by their ids, with the time in ms; plain JSON. */
export type SeenWebhooks = Record<string, number>;

/**
 * Notes that a webhook has come.
 *
 * @param seen is changed; entries that are too old to matter go
 * @returns whether it has come before
 */
export function hasSeen(seen: SeenWebhooks, id: string, now = Date.now()): boolean {
	for (const [old, at] of Object.entries(seen)) {
		if (now - at > MEMORY_MS) delete seen[old];
	}
	if (Object.hasOwn(seen, id)) return true;
	seen[id] = now;
	return false;
}
