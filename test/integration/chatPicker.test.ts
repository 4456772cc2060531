import type { INodeListSearchResult } from 'n8n-workflow';
import { nodeType } from '../../dev/packageName';
import { startChatWorld, type ChatWorld } from './chatWorld';

describe('the model picker of the Replicate Chat Model', () => {
	let world: ChatWorld;
	beforeAll(async () => {
		world = await startChatWorld();
	});
	afterEach(() => world.sandbox.forget());
	afterAll(async () => await world.stop());

	const search = async (words?: string) => {
		const node = {
			id: 'model',
			name: 'Model',
			type: nodeType('replicateChatModel'),
			typeVersion: 1,
			position: [0, 0] as [number, number],
			credentials: { replicateApi: { id: 'sandbox', name: 'Sandbox' } },
			parameters: {},
		};
		const method = 'listSearch.searchLanguageModels';
		const { results } = await world.engine.callMethod<INodeListSearchResult>(method, node, words);
		return results;
	};

	it('shows language models only, official ones first', async () => {
		const shown = await search();
		const names = shown.map(({ value }) => value);
		expect(names).toEqual(
			expect.arrayContaining([
				'openai/gpt-5',
				'anthropic/claude-4-sonnet',
				'google/gemini-2.5-flash',
			]),
		);
		for (const other of ['google/nano-banana', 'black-forest-labs/flux-schnell']) {
			expect(names).not.toContain(other);
		}
		const official = shown.map(({ name }) => name.includes(' · official'));
		expect(official).toContain(false);
		expect(official.lastIndexOf(true)).toBeLessThan(official.indexOf(false));
	});

	it('finds models by words, also those that are in no collection', async () => {
		const names = (await search('llama 3')).map(({ value }) => value);
		expect(names).toContain('meta/meta-llama-3-70b-instruct');
		const others = (await search('falcon')).map(({ value }) => value);
		expect(others).toContain('joehoover/falcon-40b-instruct');
		expect(await search('flux schnell')).toEqual([]);
	});

	it('says which models take tools and images', async () => {
		const names = new Map((await search()).map(({ name, value }) => [value, name]));
		expect(names.get('openai/gpt-5-structured')).toMatch(/ · official · tools · images(?: ·|$)/);
		expect(names.get('openai/gpt-5')).toMatch(/ · official · images(?: ·|$)/);
		expect(names.get('meta/meta-llama-3-8b-instruct')).not.toMatch(/ · (?:tools|images)/);
	});

	it('leaves out base models, which do not answer', async () => {
		const names = (await search('llama')).map(({ value }) => value);
		expect(names).toContain('meta/meta-llama-3-8b-instruct');
		expect(names.filter((name) => /llama-3-\d+b$|llama-2-\d+b$/.test(String(name)))).toEqual([]);
		expect(await search('stablelm-base-alpha-3b')).toEqual([]);
	});

	it('works where a collection is missing', async () => {
		world.sandbox.faults.plan('GET', /\/collections\/language-models$/, {
			kind: 'answer',
			status: 404,
		});
		expect((await search()).map(({ value }) => value)).toContain('openai/gpt-5');
	});

	it('leaves out a hit whose schema cannot be read', async () => {
		world.sandbox.faults.plan('GET', /\/models\/joehoover\//, { kind: 'answer', status: 404 });
		expect((await search('falcon')).map(({ value }) => value)).not.toContain(
			'joehoover/falcon-40b-instruct',
		);
	});
});
