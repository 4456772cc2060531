import type { ReplicateClient } from '../../../nodes/shared/api/client';
import { entriesOf, nextQuery, readPages } from '../../../nodes/shared/api/pages';
import type { Shape } from '../../../nodes/shared/api/shape';

const entry: Shape<number> = (value) => value as number;

describe('nextQuery', () => {
	it.each([
		['https://api.replicate.com/v1/predictions?cursor=a%3D', { cursor: 'a=' }],
		['http://elsewhere.example/?cursor=b&limit=2#top', { cursor: 'b', limit: '2' }],
		['/v1/predictions?cursor=c', { cursor: 'c' }],
		['?cursor=d', { cursor: 'd' }],
		['https://api.replicate.com/v1/predictions', undefined],
		['null', undefined],
		['', undefined],
		[null, undefined],
		[5, undefined],
	])('of %j is %j, whatever host it names', (next, query) => {
		expect(nextQuery(next)).toEqual(query);
	});
});

describe('readPages', () => {
	/** A client that gives page after page, and the queries that it was asked with. */
	const clientOf = (...pages: Array<{ results: number[]; next: unknown }>) => {
		const queries: unknown[] = [];
		const get = async (_path: string, { query }: { query: unknown }) => {
			queries.push(query);
			return await Promise.resolve(pages[Math.min(queries.length, pages.length) - 1]);
		};
		return { client: { get } as unknown as ReplicateClient, queries };
	};

	it('reads page by page, by the query of each link', async () => {
		const { client, queries } = clientOf(
			{ results: [1], next: 'https://official.example/x?cursor=a' },
			{ results: [2], next: null },
		);
		expect(await readPages(client, '/x', entry, 10)).toEqual([1, 2]);
		expect(queries).toEqual([{}, { cursor: 'a' }]);
	});

	it('asks for a page only when all of the last one was taken', async () => {
		const { client, queries } = clientOf(
			{ results: [1, 2], next: 'https://official.example/x?cursor=a' },
			{ results: [3], next: null },
		);
		const log: string[] = [];
		for await (const one of entriesOf(client, '/x', entry)) log.push(`${one} of ${queries.length}`);
		expect(log).toEqual(['1 of 1', '2 of 1', '3 of 2']);
	});

	it.each([
		['a link without a query', 'https://api.replicate.com/v1/x'],
		['a link that repeats itself', 'https://api.replicate.com/v1/x?cursor=a'],
		['something else', 5],
	])('never ends early without a word: %s', async (_what, next) => {
		const { client } = clientOf({ results: [1, 2], next });
		await expect(readPages(client, '/x', entry, 10)).rejects.toThrow(
			/^Replicate lists more than these \d+ entries, but does not say how to read the rest$/,
		);
		expect(await readPages(client, '/x', entry, 2)).toEqual([1, 2]);
	});

	it.each([null, undefined, '', 'null'])('ends where the link is %j', async (next) => {
		const { client } = clientOf({ results: [1], next });
		expect(await readPages(client, '/x', entry, 10)).toEqual([1]);
	});
});
