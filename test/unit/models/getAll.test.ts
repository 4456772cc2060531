import type { Item } from '../../../nodes/host/item';
import { execute } from '../../../nodes/Replicate/actions/model/getAll.operation';
import type { ReplicateClient } from '../../../nodes/shared/api/client';

/** There are thousands of models, and each comes with its whole schema. */
describe('Return All of models', () => {
	it('keeps the summary of a model, and has it before the next page is read', async () => {
		const log: string[] = [];
		const model = (name: string) => ({
			owner: 'acme',
			name,
			get run_count() {
				log.push(name);
				return 7;
			},
			latest_version: { id: 'v1', openapi_schema: { components: {} } },
		});
		const pages = [
			{ results: [model('a'), model('b')], next: 'https://x.example/models?cursor=2' },
			{ results: [model('c')], next: null },
		];
		const get = async () => {
			log.push('page');
			return await Promise.resolve(pages.shift());
		};
		const values: Record<string, unknown> = { returnAll: true, simplify: true };
		const item = {
			client: { get } as unknown as ReplicateClient,
			parameter: (name: string, fallback: unknown) => values[name] ?? fallback,
		} as unknown as Item;
		const results = await execute(item);
		expect(log).toEqual(['page', 'a', 'b', 'page', 'c']);
		expect(results.map(({ json }) => json.model)).toEqual(['acme/a', 'acme/b', 'acme/c']);
		expect(JSON.stringify(results)).not.toContain('openapi_schema');
	});
});
