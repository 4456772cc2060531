import type { INodeParameters } from 'n8n-workflow';
import { startWorld, type World } from './world';

describe('the model resource', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const run = async (operation: string, parameters: INodeParameters = {}) =>
		await world.run({ parameters: { resource: 'model', operation, ...parameters } });
	const jsonOf = async (...call: Parameters<typeof run>) => {
		const { items, error } = await run(...call);
		expect(error).toBeUndefined();
		return items.map(({ json }) => json);
	};
	const model = (value: string) => ({ model: { __rl: true, mode: 'list', value } });

	it('get: tells the inputs so that a person or an agent can fill them in', async () => {
		const [flux] = await jsonOf('get', model('black-forest-labs/flux-schnell'));
		expect(flux).toMatchObject({
			model: 'black-forest-labs/flux-schnell',
			official: true,
			runCount: 190430275,
			output: 'list of files',
			exampleInput: { aspect_ratio: '1:1' },
		});
		const inputs = flux!.inputs as Array<Record<string, unknown>>;
		expect(inputs[0]).toEqual({
			name: 'prompt',
			type: 'text',
			required: true,
			description: 'Prompt for generated image',
		});
		expect(inputs.find(({ name }) => name === 'num_outputs')).toEqual({
			name: 'num_outputs',
			type: 'integer',
			required: false,
			description: 'Number of outputs to generate',
			default: 1,
			minimum: 1,
			maximum: 4,
			range: '1 to 4',
		});
		expect(inputs.find(({ name }) => name === 'output_format')).toMatchObject({
			type: 'choice',
			choices: ['webp', 'jpg', 'png'],
		});
		expect(JSON.stringify(flux)).not.toContain('openapi');
	});

	it('get: the raw answer, when not simplified', async () => {
		const [flux] = await jsonOf('get', {
			...model('black-forest-labs/flux-schnell'),
			simplify: false,
		});
		expect(flux).toHaveProperty('latest_version.openapi_schema.components.schemas.Input');
	});

	it('get: a model that is not there', async () => {
		const { error } = await run('get', model('nobody/nothing'));
		expect(error!.message).toBe('Replicate could not find the model "nobody/nothing" [item 0]');
	});

	it('search: the best first, up to the limit', async () => {
		const found = await jsonOf('search', { query: 'flux schnell', limit: 3 });
		expect(found).toHaveLength(3);
		expect(found[0]).toMatchObject({ model: 'black-forest-labs/flux-schnell', official: true });
		expect((await run('search', { query: ' ' })).error!.message).toBe(
			'No query was given [item 0]',
		);
	});

	it('getAll: page by page, up to the limit', async () => {
		const listed = await jsonOf('getAll', { limit: 60, options: { sortDirection: 'asc' } });
		expect(new Set(listed.map((one) => one.model)).size).toBe(60);
		expect(
			world.sandbox.requests.filter(({ path }) => /^\/v1\/models\?.*sort_direction=asc/.test(path)),
		).toHaveLength(3);
	});

	it('getVersions: of a community model, and none of an official one', async () => {
		expect(await jsonOf('getVersions', model('nightmareai/real-esrgan'))).toEqual([
			{
				version: expect.stringMatching(/^[0-9a-f]{64}$/),
				createdAt: expect.any(String),
				cogVersion: expect.any(String),
			},
		]);
		expect(await jsonOf('getVersions', model('black-forest-labs/flux-schnell'))).toEqual([]);
		expect((await run('getVersions', model('nobody/nothing'))).error!.message).toContain(
			'could not find the model "nobody/nothing"',
		);
	});

	it('getExamples: with input and output', async () => {
		const [example] = await jsonOf('getExamples', model('black-forest-labs/flux-schnell'));
		expect(example).toMatchObject({
			status: 'succeeded',
			input: { aspect_ratio: '1:1' },
			output: [expect.stringMatching(/\/out-0\.webp$/)],
		});
	});

	it('getReadme: as Markdown', async () => {
		const [page] = await jsonOf('getReadme', model('black-forest-labs/flux-schnell'));
		expect(page).toEqual({
			model: 'black-forest-labs/flux-schnell',
			readme: expect.stringMatching(/^# black-forest-labs\/flux-schnell/),
		});
	});

	it('follows a link to another host on its own, by the link’s query', async () => {
		for (const next of ['https://elsewhere.example/v1/models?cursor=x', null]) {
			world.sandbox.faults.plan('GET', /^\/v1\/models(?:\?|$)/, {
				kind: 'answer',
				status: 200,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ next, results: [] }),
			});
		}
		expect(await jsonOf('getAll', { returnAll: true })).toEqual([]);
		expect(world.sandbox.requests.at(-1)!.path).toBe('/v1/models?cursor=x');
	});
});
