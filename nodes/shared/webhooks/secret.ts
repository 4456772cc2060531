import type { ReplicateClient } from '../api/client';
import { now } from '../api/clock';
import { ApiError } from '../api/errors';
import { SECRET_SHAPE } from '../api/shapes';

/** How long a secret is kept, in ms: Replicate has one per account, and no event for its change. */
const SECRET_MS = 60 * 60 * 1_000;
/** A wrong signature has the secret read again, but not more often than this, in ms. */
const REREAD_MS = 60_000;
/** How long a token counts as refused, in ms. */
const REFUSED_MS = 60_000;
/** How long any other failure to read the secret counts, in ms: Replicate calls again within seconds. */
const FAILED_MS = 5_000;
/** How long reading the secret may take, in ms: Replicate waits for it, and calls again. */
const READ_MS = 20_000;

/** A reading of a secret that all calls of its time share: it is running, or it has failed. */
interface Reading {
	key: Promise<string>;
	/** When it no longer counts, in ms. */
	until: number;
}

const readings = new Map<string, Reading>();
/** The last secret of each account, and when it was read, in ms: no later failure ends it. */
const known = new Map<string, { key: string; readAt: number }>();

/**
 * The secret that the account's webhooks are signed with, read at most once an hour.
 *
 * @throws ApiError when it cannot be read; so do all calls of the next seconds, without asking again
 */
export async function recentSecret(client: ReplicateClient): Promise<string> {
	return await secretOf(client, SECRET_MS);
}

/**
 * The same, read again where it may have changed since: at most once a minute.
 *
 * @throws ApiError when it cannot be read
 */
export async function currentSecret(client: ReplicateClient): Promise<string> {
	return await secretOf(client, REREAD_MS);
}

async function secretOf(client: ReplicateClient, maxAgeMs: number): Promise<string> {
	const last = known.get(client.identity);
	if (last && now() - last.readAt < maxAgeMs) return last.key;
	const reading = readings.get(client.identity);
	if (reading && now() < reading.until) return await reading.key;
	return await readSecret(client);
}

/**
 * Reads the account's secret anew, and keeps it.
 *
 * @throws ApiError when it cannot be read
 */
export async function readSecret(client: ReplicateClient): Promise<string> {
	const startedAt = now();
	const options = { shape: SECRET_SHAPE, until: startedAt + READ_MS };
	const key = client.get('/webhooks/default/secret', options).then((secret) => secret.key);
	const reading: Reading = { key, until: Infinity };
	readings.set(client.identity, reading);
	key.then(
		(read) => {
			known.set(client.identity, { key: read, readAt: startedAt });
			readings.delete(client.identity);
		},
		(error: unknown) => {
			const status = error instanceof ApiError ? error.status : undefined;
			reading.until = now() + (status === 401 || status === 403 ? REFUSED_MS : FAILED_MS);
		},
	);
	return await key;
}
