import type {
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
	ResourceMapperFields,
} from 'n8n-workflow';
import { readPublicModelIndex } from '../../dev/sandbox/publicModels';
import { runModel, startWorld, type World } from './world';

/** What the node's panel asks for, through n8n's own context of the editor. */
describe('in the editor', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const search = async (method: string, filter?: string, token?: string) =>
		await world.inEditor<INodeListSearchResult>(`listSearch.${method}`, {}, filter, token);
	const form = async (parameters = {}) =>
		await world.inEditor<ResourceMapperFields>('resourceMapping.getModelInputs', parameters);
	const versions = async (model: string) =>
		await world.inEditor<INodePropertyOptions[]>('loadOptions.getVersions', runModel(model));

	describe('the model picker', () => {
		it('finds models by words, with their use and what they do', async () => {
			const { results } = await search('searchModels', 'upscale');
			const esrgan = results.find(({ value }) => value === 'philz1337x/clarity-upscaler')!;
			expect(results.length).toBeGreaterThan(20);
			expect(esrgan.name).toMatch(
				/^philz1337x\/clarity-upscaler · High resolution .* · [\d.]+M runs$/,
			);
			expect(esrgan.url).toBe('https://replicate.com/philz1337x/clarity-upscaler');
		});

		it('marks official models', async () => {
			const { results } = await search('searchModels', 'flux schnell');
			expect(results[0]!.name).toMatch(
				/^black-forest-labs\/flux-schnell · The fastest image .* · official · 190\.4M runs$/,
			);
		});

		it('begins with what the account ran lately and the official models, and goes on', async () => {
			await world.run({ parameters: runModel('sandbox/slow', { inputJson: '{"seconds":0}' }) });
			const first = await search('searchModels');
			expect(first.results[0]).toMatchObject({
				name: 'sandbox/slow · recent',
				value: 'sandbox/slow',
			});
			expect(first.results[1]!.name).toMatch(/flux-schnell · The fastest/);
			expect(first.results[1]!.name).not.toContain('official');
			const second = await search('searchModels', '', first.paginationToken);
			const third = await search('searchModels', '', second.paginationToken);
			expect(second.results).toHaveLength(25);
			expect(third.results[0]!.value).not.toBe(second.results[0]!.value);
		});

		it('has a model once that was run lately and is in the list as well', async () => {
			const name = 'black-forest-labs/flux-schnell';
			await world.run({ parameters: runModel(name, { inputJson: '{"prompt":"x"}' }) });
			const { results } = await search('searchModels');
			expect(results.filter(({ value }) => value === name)).toEqual([
				expect.objectContaining({
					name: expect.stringMatching(
						/^\S+flux-schnell · The fastest.* · recent · [\d.]+M runs$/,
					) as string,
				}),
			]);
		});

		it('begins with the list of all models behind a gateway that has no collections', async () => {
			world.sandbox.faults.plan('GET', /\/collections\/official$/, { kind: 'answer', status: 404 });
			world.sandbox.faults.plan('GET', /\/predictions$/, { kind: 'answer', status: 403 });
			const first = await search('searchModels');
			expect(first.results).toEqual([]);
			const second = await search('searchModels', '', first.paginationToken);
			expect(second.results).toHaveLength(25);
		});

		it('passes over runs of versions without a name', async () => {
			const recent = async () =>
				(await search('searchModels')).results.filter(({ name }) => / · recent(?: ·|$)/.test(name));
			const before = await recent();
			const { all } = world.sandbox.predictions;
			const model = { ...all[0]!.model, owner: 'a b', name: '=x' };
			all.push({ ...all[0]!, id: 'x'.repeat(26), model });
			expect(await recent()).toEqual(before);
			all.pop();
			expect(before.length).toBeGreaterThan(0);
		});

		it('says in words why it cannot list', async () => {
			world.engine.setCredential({ apiToken: 'wrong', baseUrl: world.sandbox.baseUrl });
			await expect(search('searchModels')).rejects.toThrow('did not accept the API token');
			await expect(search('searchModels', 'flux')).rejects.toThrow(
				'Replicate did not accept the API token',
			);
			world.engine.setCredential({
				apiToken: world.sandbox.token,
				baseUrl: world.sandbox.baseUrl,
			});
		});
	});

	it('lists deployments, and filters them', async () => {
		const { results } = await search('searchDeployments');
		expect(results.map(({ name }) => name)).toEqual([
			'sandbox/my-thumbnail · sandbox/thumbnail',
			'sandbox/my-tokens · sandbox/tokens',
		]);
		expect((await search('searchDeployments', 'tok')).results).toHaveLength(1);
	});

	describe('versions', () => {
		it('of a community model are listed', async () => {
			const [latest, newest] = await versions('nightmareai/real-esrgan');
			expect(latest).toMatchObject({ name: 'Latest', value: '' });
			expect(newest!.name).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d · [0-9a-f]{12}$/);
			expect(newest!.value).toMatch(/^[0-9a-f]{64}$/);
		});

		it('of an official model are its latest only', async () => {
			expect(await versions('black-forest-labs/flux-schnell')).toHaveLength(1);
		});

		it('of no model, and behind a broken line, are none with a reason', async () => {
			await expect(versions('nobody/nothing')).rejects.toThrow(
				'Replicate could not find the model "nobody/nothing"',
			);
			world.sandbox.faults.plan('GET', /\/versions$/, { kind: 'answer', status: 403 });
			await expect(versions('nightmareai/real-esrgan')).rejects.toThrow('Replicate refused');
			for (const none of ['', '={{ $json.model }}', 'a'.repeat(64)]) {
				expect(await versions(none)).toHaveLength(1);
			}
		});
	});

	describe('the lists of IDs', () => {
		const moment = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC';

		it('have recent predictions, which the node reads by what was chosen', async () => {
			const run = { parameters: runModel('sandbox/slow', { inputJson: '{"seconds":0}' }) };
			await world.run(run);
			const { id } = world.sandbox.predictions.all.at(-1)!;
			const { results } = await search('searchPredictions');
			expect(results[0]).toEqual({
				name: expect.stringMatching(`^sandbox/slow · succeeded · ${moment}$`) as string,
				value: id,
				url: `https://replicate.com/p/${id}`,
			});
			expect((await search('searchPredictions', id)).results).toHaveLength(1);
			expect((await search('searchPredictions', 'no such model')).results).toEqual([]);
			for (const [mode, value] of [
				['list', id],
				['id', id],
				['url', `https://replicate.com/p/${id}`],
			]) {
				const predictionId = { __rl: true, mode, value } as INodeParameters;
				const got = await world.run({ parameters: { operation: 'get', predictionId } });
				expect(got.items).toMatchObject([{ json: { id } }]);
			}
		});

		it('have stored files with their size, and trainings', async () => {
			const { baseUrl, token } = world.sandbox;
			const form = new FormData();
			form.append('content', new Blob([Buffer.alloc(1_500_000)]), 'photo.jpg');
			const headers = { authorization: `Bearer ${token}` };
			await fetch(`${baseUrl}/files`, { method: 'POST', headers, body: form });
			const { results } = await search('searchFiles');
			expect(results[0]!.name).toMatch(new RegExp(`^photo\\.jpg · 1\\.5 MB · ${moment}$`));
			expect((await search('searchTrainings')).results).toEqual([]);
		});
	});

	describe('the form', () => {
		it('has the fields of the chosen model', async () => {
			const { fields } = await form(runModel('black-forest-labs/flux-fill-pro'));
			const shown = fields.filter(({ removed }) => !removed).map(({ displayName }) => displayName);
			expect(shown).toEqual(['Prompt (required)', 'Image (required, file)', 'Mask (file)']);
			expect(fields.find(({ id }) => id === 'output_format')).toMatchObject({
				type: 'options',
				options: [
					{ name: 'jpg', value: 'jpg' },
					{ name: 'png', value: 'png' },
				],
				defaultValue: 'jpg',
				removed: true,
			});
		});

		it('has those of the model that a deployment runs', async () => {
			const { fields } = await form({
				target: 'deployment',
				deployment: { __rl: true, mode: 'list', value: 'sandbox/my-thumbnail' },
			});
			expect(fields.map(({ id }) => id)).toEqual(['image', 'width', 'format']);
		});

		it('begins with the values of the example where that is switched on, also of a version', async () => {
			const promptOf = async (parameters: INodeParameters) =>
				(await form(parameters)).fields.find(({ id }) => id === 'prompt')!.defaultValue;
			const model = runModel('black-forest-labs/flux-schnell');
			expect(await promptOf(model)).toBe('=');
			const example = expect.stringMatching(/^=black forest gateau cake/);
			expect(await promptOf({ ...model, fillExample: true })).toEqual(example);
			const { latest_version: version } = readPublicModelIndex().find(
				({ owner, name }) => `${owner}/${name}` === 'stability-ai/sdxl',
			)!;
			const sdxl = runModel(`stability-ai/sdxl:${version.id}`);
			expect(await promptOf({ ...sdxl, fillExample: true })).toMatch(/^=An astronaut/);
		});

		it.each([
			['no model is chosen', runModel(''), 'Choose a model to see its inputs.'],
			[
				'an expression chooses it',
				runModel('={{ $json.model }}'),
				'An expression chooses the model, so its inputs are not known here. Write them into Additional Inputs (JSON).',
			],
			[
				'there is no such model',
				runModel('nobody/nothing'),
				/^Replicate could not find the model "nobody\/nothing"\. Check the name/,
			],
			['only a version is known', runModel('a'.repeat(64)), /^A version ID alone/],
			['it is no model at all', runModel('flux'), /^"flux" is not a Replicate model\. Write/],
		])('says why it is empty when %s', async (_when, parameters, notice) => {
			const { fields, emptyFieldsNotice } = await form(parameters);
			expect(fields).toEqual([]);
			expect(emptyFieldsNotice).toMatch(notice);
		});
	});
});
