import type { CallOptions, ReplicateClient } from './client';
import { ReplicateError } from './errors';
import { pageOf, type Shape } from './shape';

/** The most pages that are read for one list: its `next` may never end. */
const MAX_PAGES = 10_000;

/**
 * The query of the next page, or `undefined` at the end. Of the link only its query is used, whatever
 * host it names: a gateway may pass on links that name the official one. Samples also show the text
 * "null", and a link without TLS.
 */
export function nextQuery(next: unknown): Record<string, string> | undefined {
	if (typeof next !== 'string') return undefined;
	const query = new URLSearchParams(/\?([^#]*)/.exec(next)?.[1]);
	return query.size === 0 ? undefined : Object.fromEntries(query);
}

/** Whether a list says that it has a next page, but not how to read it. */
function leadsNowhere(next: unknown): boolean {
	const isEnd = next === null || next === undefined || next === '' || next === 'null';
	return !isEnd && nextQuery(next) === undefined;
}

/** How a list is read. */
interface ListOptions extends CallOptions {
	/** The most pages to read. */
	maxPages?: number;
}

/**
 * Reads a list page by page, and keeps all of it.
 *
 * @param entry    what each entry must be; others are left out
 * @param limit    the most entries to return
 * @param isWanted which entries to return, where the API has no filter for it
 * @throws ReplicateError when there is more than can be read: a list never ends early without a word
 */
export async function readPages<T>(
	client: ReplicateClient,
	path: string,
	entry: Shape<T>,
	limit: number,
	options: ListOptions = {},
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
 * @throws ReplicateError where the list has more than can be read, when all before was given
 */
export async function* entriesOf<T>(
	client: ReplicateClient,
	path: string,
	entry: Shape<T>,
	{ maxPages = MAX_PAGES, ...options }: ListOptions = {},
): AsyncGenerator<T> {
	const shape = pageOf(entry);
	const seen = new Set<string>();
	let count = 0;
	let query: Record<string, string | undefined> | undefined = options.query ?? {};
	for (let page = 0; query && page < maxPages; page++) {
		const { results, next } = await client.get(path, { ...options, query, shape });
		yield* results;
		count += results.length;
		query = nextQuery(next);
		const key = JSON.stringify(query ?? '');
		const isEndless = query !== undefined && (seen.has(key) || page === MAX_PAGES - 1);
		if (isEndless || leadsNowhere(next)) throw cutOff(count);
		seen.add(key);
	}
}

function cutOff(count: number): ReplicateError {
	return new ReplicateError(
		`Replicate lists more than these ${count} entries, but does not say how to read the rest`,
		{ code: 'listCutOff', count },
	);
}
