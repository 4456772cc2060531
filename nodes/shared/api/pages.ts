import type { CallOptions, ReplicateClient } from './client';
import { pageOf, type Shape } from './shape';

/** The most pages that are read for one list: its `next` may never end. */
const MAX_PAGES = 10_000;

/**
 * The query of the next page, or `undefined` at the end. Of the link only its query is used, and that
 * only on the base URL's own host; samples also show the text "null", and a link without TLS.
 */
export function nextQuery(next: unknown, baseUrl: URL): Record<string, string> | undefined {
	if (typeof next !== 'string' || !URL.canParse(next)) return undefined;
	const { host, searchParams } = new URL(next);
	if (host !== baseUrl.host || searchParams.size === 0) return undefined;
	return Object.fromEntries(searchParams);
}

/**
 * Reads a list page by page, and keeps all of it.
 *
 * @param entry    what each entry must be; others are left out
 * @param limit    the most entries to return
 * @param isWanted which entries to return, where the API has no filter for it
 */
export async function readPages<T>(
	client: ReplicateClient,
	path: string,
	entry: Shape<T>,
	limit: number,
	options: CallOptions = {},
	isWanted: (one: T) => boolean = () => true,
): Promise<T[]> {
	const found: T[] = [];
	if (limit <= 0) return found;
	for await (const one of entriesOf(client, path, entry, options)) {
		if (!isWanted(one)) continue;
		found.push(one);
		if (found.length >= limit) break;
	}
	return found;
}

/**
 * The entries of a list. A page is read when its first entry is asked for, and kept no longer than its
 * last one is.
 *
 * @param entry what each entry must be; others are left out
 */
export async function* entriesOf<T>(
	client: ReplicateClient,
	path: string,
	entry: Shape<T>,
	options: CallOptions = {},
): AsyncGenerator<T> {
	const shape = pageOf(entry);
	const seen = new Set<string>();
	let query: Record<string, string | undefined> | undefined = options.query ?? {};
	for (let page = 0; query && page < MAX_PAGES; page++) {
		const { results, next } = await client.get(path, { ...options, query, shape });
		yield* results;
		query = nextQuery(next, client.baseUrl);
		const key = JSON.stringify(query ?? '');
		if (seen.has(key)) break;
		seen.add(key);
	}
}
