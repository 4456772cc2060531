import type { INodeExecutionData, INodeParameters, INodePropertyOptions } from 'n8n-workflow';
import { startWorld, type World } from './world';

/** Everything of Replicate's API that is neither a prediction nor a public model. */
describe('the other resources', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const run = async (
		resource: string,
		operation: string,
		parameters: INodeParameters = {},
		items?: INodeExecutionData[],
	) => await world.run({ parameters: { resource, operation, ...parameters } }, items);
	const jsonOf = async (...call: Parameters<typeof run>) => {
		const { items, error } = await run(...call);
		expect(error).toBeUndefined();
		return items.map(({ json }) => json);
	};
	const errorOf = async (...call: Parameters<typeof run>) => (await run(...call)).error?.message;
	const located = (value: string) => ({ __rl: true, mode: 'name', value });

	it('account: whom the token belongs to', async () => {
		expect(await jsonOf('account', 'get')).toMatchObject([{ type: 'user', username: 'sandbox' }]);
	});

	it('hardware: a list, also for the fields that choose one', async () => {
		expect(await jsonOf('hardware', 'getAll')).toContainEqual({ name: 'CPU', sku: 'cpu' });
		const options = await world.inEditor<INodePropertyOptions[]>('loadOptions.getHardware', {});
		expect(options).toContainEqual({ name: 'CPU', value: 'cpu' });
	});

	it('collections: a list, and one with its models', async () => {
		expect(await jsonOf('collection', 'getAll')).toMatchObject([
			{ slug: 'official' },
			{ slug: 'language-models' },
		]);
		const [official] = await jsonOf('collection', 'get', { collection: 'official' });
		expect(official!.models).toContainEqual(
			expect.objectContaining({ model: 'black-forest-labs/flux-schnell', official: true }),
		);
		expect(JSON.stringify(official)).not.toContain('openapi_schema');
		expect(await errorOf('collection', 'get', { collection: 'nothing' })).toBe(
			'Replicate could not find the collection "nothing" [item 0]',
		);
		expect(await errorOf('collection', 'get', { collection: '../account' })).toBe(
			'"../account" is not a collection [item 0]',
		);
		const options = await world.inEditor<INodePropertyOptions[]>('loadOptions.getCollections', {});
		expect(options[0]).toMatchObject({ value: 'official' });
	});

	it('files: upload, get, list, delete', async () => {
		const item = await world.fileItem(Buffer.from('hello'), 'a.txt', 'text/plain');
		const [uploaded] = await jsonOf('file', 'upload', {}, [item]);
		const { id, urls } = uploaded as { id: string; urls: { get: string } };
		expect(await jsonOf('file', 'get', { fileId: id })).toMatchObject([{ id, size: 5 }]);
		expect(await jsonOf('file', 'get', { fileId: urls.get })).toMatchObject([{ id }]);
		expect(await jsonOf('file', 'getAll')).toMatchObject([{ id, name: 'a.txt' }]);
		expect(await jsonOf('file', 'delete', { fileId: id })).toEqual([{ id, deleted: true }]);
		expect(await errorOf('file', 'get', { fileId: id })).toBe(
			`Replicate could not find the file "${id}" [item 0]`,
		);
		expect(await errorOf('file', 'get', { fileId: 'a/b' })).toBe('"a/b" is not a file ID [item 0]');
		expect(await errorOf('file', 'delete', { fileId: '={{ "" }}' })).toBe(
			'No file ID was given [item 0]',
		);
	});

	it('files: a file of more than 100 MiB is refused before anything is sent', async () => {
		const item = await world.fileItem(Buffer.from('hello'), 'film.mp4', 'video/mp4');
		const bytes = 100 * 1024 * 1024 + 1;
		Object.assign(item.binary!.data!, { bytes });
		const before = world.sandbox.requests.length;
		expect(await errorOf('file', 'upload', {}, [item])).toBe(
			'The file "film.mp4" has 100.0 MiB, and Replicate takes uploads of up to 100 MiB [item 0]',
		);
		expect(world.sandbox.requests.slice(before)).toEqual([]);
	});

	it('deployments: create, get, list, update, delete', async () => {
		const [created] = await jsonOf('deployment', 'create', {
			name: 'photos',
			model: located('sandbox/thumbnail'),
			hardware: 'gpu-t4',
			minInstances: 0,
			maxInstances: 2,
		});
		expect(created).toMatchObject({
			owner: 'sandbox',
			name: 'photos',
			current_release: {
				number: 1,
				model: 'sandbox/thumbnail',
				configuration: { hardware: 'gpu-t4', min_instances: 0, max_instances: 2 },
			},
		});
		const deployment = { deployment: located('sandbox/photos') };
		expect(await jsonOf('deployment', 'get', deployment)).toMatchObject([{ name: 'photos' }]);
		expect(await jsonOf('deployment', 'getAll', { returnAll: true })).toHaveLength(3);
		expect(
			await jsonOf('deployment', 'update', { ...deployment, changes: { maxInstances: 5 } }),
		).toMatchObject([
			{
				current_release: {
					number: 2,
					configuration: { hardware: 'gpu-t4', min_instances: 0, max_instances: 5 },
				},
			},
		]);
		expect(await jsonOf('deployment', 'delete', deployment)).toEqual([
			{ deployment: 'sandbox/photos', deleted: true },
		]);
		expect(await errorOf('deployment', 'get', deployment)).toBe(
			'Replicate could not find the deployment "sandbox/photos" [item 0]',
		);
	});

	it.each([
		[
			'create',
			{ name: '={{ "" }}', model: located('sandbox/slow'), hardware: 'cpu' },
			'The deployment needs a name',
		],
		[
			'create',
			{ name: 'a', model: located('sandbox/slow'), hardware: '={{ "" }}' },
			'The deployment needs hardware',
		],
		[
			'create',
			{ name: 'a', model: located('sandbox/slow'), hardware: 'cpu', minInstances: 9 },
			'Min Instances must be a whole number from 0 to 5, and is 9',
		],
		[
			'create',
			{ name: 'a', model: located('sandbox/tokens'), hardware: 'cpu' },
			'"sandbox/tokens" is an official one and has no version to deploy',
		],
		[
			'create',
			{ name: 'a', model: located('sandbox/slow'), hardware: 'gpu-z' },
			'gpu-z is not a valid hardware SKU',
		],
		['update', { deployment: located('sandbox/my-tokens') }, 'No change was given'],
		['delete', { deployment: located('x') }, '"x" is not a deployment'],
	])('deployments: %s with %j is refused', async (operation, parameters, words) => {
		expect(await errorOf('deployment', operation, parameters as INodeParameters)).toContain(words);
	});

	it('own models: what a page shows is sent by the API’s names', async () => {
		const PAGE = {
			description: ['description', 'About it'],
			githubUrl: ['github_url', 'https://example.org/github'],
			paperUrl: ['paper_url', 'https://example.org/paper'],
			licenseUrl: ['license_url', 'https://example.org/license'],
			coverImageUrl: ['cover_image_url', 'https://example.org/cover.png'],
			weightsUrl: ['weights_url', 'https://example.org/weights'],
		} as const;
		type Name = keyof typeof PAGE;
		const given = (names: Name[]) =>
			Object.fromEntries(names.map((name) => [name, PAGE[name][1]])) as INodeParameters;
		const shown = (names: Name[]) => Object.fromEntries(names.map((name) => PAGE[name]));
		const first: Name[] = ['description', 'githubUrl', 'paperUrl', 'licenseUrl', 'coverImageUrl'];
		const modelName = 'sandbox/paged';
		const create = { modelName, hardware: 'cpu', page: given(first) };
		expect(await jsonOf('model', 'create', create)).toMatchObject([shown(first)]);
		const model = { model: located(modelName) };
		const changed: Name[] = ['description', 'githubUrl', 'paperUrl', 'licenseUrl', 'weightsUrl'];
		for (const name of changed) {
			const page = given([name]);
			expect(await jsonOf('model', 'update', { ...model, page })).toMatchObject([shown([name])]);
		}
		const page = { readme: '# Paged' };
		await jsonOf('model', 'update', { ...model, page });
		expect(await jsonOf('model', 'getReadme', model)).toMatchObject([page]);
		await jsonOf('model', 'delete', model);
	});

	it('own models: create, update, delete', async () => {
		const [created] = await jsonOf('model', 'create', {
			modelName: 'sandbox/mine',
			hardware: 'cpu',
			page: { description: 'My model', githubUrl: 'https://github.com/a/b' },
		});
		expect(created).toMatchObject({
			owner: 'sandbox',
			name: 'mine',
			visibility: 'private',
			latest_version: null,
			github_url: 'https://github.com/a/b',
		});
		const model = { model: located('sandbox/mine') };
		const page = { description: 'Better', readme: '# Mine' };
		expect(await jsonOf('model', 'update', { ...model, page })).toMatchObject([
			{ description: 'Better' },
		]);
		expect(await jsonOf('model', 'getReadme', model)).toMatchObject([{ readme: '# Mine' }]);
		expect(await jsonOf('model', 'get', model)).toMatchObject([
			{ inputs: [], latestVersion: null },
		]);
		expect((await world.run({ parameters: { ...model } })).error!.message).toBe(
			'The model "sandbox/mine" has no version to run [item 0]',
		);
		expect(await jsonOf('model', 'delete', model)).toEqual([
			{ model: 'sandbox/mine', deleted: true },
		]);
		expect(
			await errorOf('model', 'delete', { model: located('nightmareai/real-esrgan') }),
		).toContain('could not find the model');
		expect(await errorOf('model', 'create', { modelName: 'other/x', hardware: 'cpu' })).toContain(
			'Invalid owner',
		);
		expect(await errorOf('model', 'update', { ...model, page: {} })).toBe(
			'No change was given [item 0]',
		);
	});
});
