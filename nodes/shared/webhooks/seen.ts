import { createHash } from 'node:crypto';
import { now as ourTime } from '../api/clock';

/** How long a webhook can come again, in ms: its signature is rejected after 5 minutes anyway. */
const MEMORY_MS = 10 * 60 * 1_000;
/** How many webhooks this process remembers: more than it can take in that time. */
const MAX_REMEMBERED = 50_000;
/** How many of a workflow's are kept in n8n's static data, which n8n writes as a whole with each. */
export const MAX_KEPT = 400;
/** Characters of a digest: 96 bits. */
const DIGEST_LENGTH = 16;

/** The webhooks that this process has taken. Each costs the same, however many there were before. */
export class SeenWebhooks {
	/** When each came, in ms, by digest; the latest last. */
	private readonly seen = new Map<string, number>();

	/** How many are remembered. */
	get count(): number {
		return this.seen.size;
	}

	/**
	 * Notes that a webhook has come.
	 *
	 * @param id  of the webhook, with that of its node
	 * @param now in ms
	 * @returns whether it has come before
	 */
	take(id: string, now = ourTime()): boolean {
		for (const [old, at] of this.seen) {
			if (now - at <= MEMORY_MS && this.seen.size < MAX_REMEMBERED) break;
			this.seen.delete(old);
		}
		const digest = digestOf(id);
		if (this.seen.has(digest)) return true;
		this.seen.set(digest, now);
		return false;
	}
}

/** The record of a node's webhooks that outlives a restart, and is shared by processes. */
interface KeptWebhooks {
	/** Digests of a fixed length, the latest last: plain JSON of a few kilobytes. */
	kept: string;
	/** Whether the webhook is among them. */
	wasKept: boolean;
}

/**
 * Adds a webhook to those that were kept.
 *
 * @param before what was kept, if anything; whatever it is
 */
export function keepWebhook(before: unknown, id: string): KeptWebhooks {
	const digest = digestOf(id);
	const known = typeof before === 'string' ? before : '';
	for (let at = 0; at < known.length; at += DIGEST_LENGTH) {
		if (known.startsWith(digest, at)) return { kept: known, wasKept: true };
	}
	return { kept: (known + digest).slice(-MAX_KEPT * DIGEST_LENGTH), wasKept: false };
}

function digestOf(id: string): string {
	return createHash('sha256').update(id).digest('base64url').slice(0, DIGEST_LENGTH);
}
