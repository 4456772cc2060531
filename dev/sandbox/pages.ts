/** One page of a list, as the API gives it. */
export interface Page<T> {
	previous: string | null;
	next: string | null;
	results: T[];
}

/**
 * Cuts a page out of a list.
 *
 * @param url   the list's own address
 * @param query the request's query; `cursor` says where the page begins, the rest is kept
 */
export function pageOf<T>(
	all: T[],
	size: number,
	url: string,
	query: Record<string, string | undefined>,
): Page<T> {
	const { cursor } = query;
	const start = cursor ? Number(Buffer.from(cursor, 'base64url').toString()) : 0;
	const link = (from: number) => {
		const parameters = new URLSearchParams({
			...query,
			cursor: Buffer.from(String(from)).toString('base64url'),
		} as Record<string, string>);
		return `${url}?${parameters.toString()}`;
	};
	return {
		previous: start > 0 ? link(Math.max(0, start - size)) : null,
		next: start + size < all.length ? link(start + size) : null,
		results: all.slice(start, start + size),
	};
}
