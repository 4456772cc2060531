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

/**
 * Reads a list page by page.
 *
 * @param entry    what each entry must be; others are left out
 * @param limit    the most entries to return
 * @param options  `maxPages`: the most pages to read
 * @param isWanted which entries to return, where the API has no filter for it
 * @throws ReplicateError when there is more than can be read: a list never ends early without a word
 */
export async function readPages<T>(
	client: ReplicateClient,
	path: string,
	entry: Shape<T>,
	limit: number,
	{ maxPages = MAX_PAGES, ...options }: CallOptions & { maxPages?: number } = {},
	isWanted: (one: T) => boolean = () => true,
): Promise<T[]> {
	const shape = pageOf(entry);
	const found: T[] = [];
	const seen = new Set<string>();
	let query: Record<string, string | undefined> | undefined = options.query ?? {};
	for (let page = 0; query && found.length < limit && page < maxPages; page++) {
		const { results, next } = await client.get(path, { ...options, query, shape });
		for (const one of results) if (isWanted(one)) found.push(one);
		query = nextQuery(next);
		const key = JSON.stringify(query ?? '');
		const isEndless = query !== undefined && (seen.has(key) || page === MAX_PAGES - 1);
		if ((isEndless || leadsNowhere(next)) && found.length < limit) throw cutOff(found.length);
		seen.add(key);
	}
	return found.slice(0, limit);
}

function cutOff(count: number): ReplicateError {
	return new ReplicateError(
		`Replicate lists more than these ${count} entries, but does not say how to read the rest`,
		{ code: 'listCutOff', count },
	);
}
