import Replicate, { toFile } from 'replicate-stainless';
import { versionOf } from '../../dev/sandbox/models/model';
import { faultIn } from './answers';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';

/** Replicate's generated client, over its whole surface, against the sandbox. */
describe('the generated client against the sandbox', () => {
	let sandbox: Sandbox;
	let client: Replicate;

	beforeAll(async () => {
		sandbox = await startSandbox();
		client = new Replicate({
			bearerToken: sandbox.token,
			baseURL: sandbox.baseUrl,
			maxRetries: 0,
			fetch: checkedFetch,
		});
	});
	afterAll(async () => await sandbox.stop());

	/** Checks every JSON answer on its way to the client. */
	const checkedFetch = async (...call: Parameters<typeof fetch>): Promise<Response> => {
		const answer = await fetch(...call);
		if (answer.headers.get('content-type')?.includes('json')) {
			const path = new URL(answer.url).pathname.replace('/v1', '');
			checked.push(path);
			const fault = faultIn(path, answer.status, await answer.clone().json());
			if (fault !== undefined) faults.push(fault);
		}
		return answer;
	};
	const checked: string[] = [];
	const faults: string[] = [];
	afterEach(() => expect(faults).toEqual([]));

	/** The client knows no type for some answers. */
	const known = async (answer: Promise<unknown>) => (await answer) as Record<string, never>;
	const collected = async <T>(pages: AsyncIterable<T>, max = 30): Promise<T[]> => {
		const found: T[] = [];
		for await (const one of pages) {
			found.push(one);
			if (found.length >= max) break;
		}
		return found;
	};
	const slow = versionOf({ owner: 'sandbox', name: 'slow' });

	it('account, hardware and the webhook secret', async () => {
		expect(await client.account.get()).toMatchObject({ type: 'user', username: 'sandbox' });
		expect(await client.hardware.list()).toContainEqual({ name: 'CPU', sku: 'cpu' });
		expect(await client.webhooks.default.secret.get()).toEqual({
			key: expect.stringMatching(/^whsec_/),
		});
	});

	it('collections', async () => {
		expect(await known(client.collections.list())).toMatchObject({
			results: [{ slug: 'official' }, { slug: 'language-models' }],
		});
		const official = await known(client.collections.get({ collection_slug: 'official' }));
		expect(official.slug).toBe('official');
	});

	it('files', async () => {
		const content = await toFile(Buffer.from('hello'), 'a.txt', { type: 'text/plain' });
		const { id } = await client.files.create({ content });
		expect(await client.files.get({ file_id: id })).toMatchObject({
			id,
			size: 5,
			content_type: 'text/plain',
		});
		expect((await collected(client.files.list())).map((file) => file.id)).toEqual([id]);
		const expiry = Math.floor(Date.now() / 1_000) + 60;
		const signature = sandbox.files.sign('sandbox', id, expiry);
		const signed = { file_id: id, owner: 'sandbox', expiry, signature };
		expect(await (await client.files.download(signed)).text()).toBe('hello');
		await expect(client.files.download({ ...signed, expiry: expiry + 1 })).rejects.toMatchObject({
			status: 404,
		});
		await client.files.delete({ file_id: id });
		await expect(client.files.get({ file_id: id })).rejects.toMatchObject({ status: 404 });
	});

	it('predictions', async () => {
		const created = await client.predictions.create({
			version: slow,
			input: { seconds: 0 },
			Prefer: 'wait=5',
		});
		expect(created).toMatchObject({ status: 'succeeded', model: 'sandbox/slow' });
		const got = await client.predictions.get({ prediction_id: created.id });
		expect(got.output).toBe('done after 0 s');
		expect((await collected(client.predictions.list())).map(({ id }) => id)).toEqual([created.id]);
		const running = await client.predictions.create({ version: slow, input: { seconds: 60 } });
		expect(await client.predictions.cancel({ prediction_id: running.id })).toMatchObject({
			status: 'canceled',
		});
	});

	it('models: list, get, versions, examples, README, run, create, delete', async () => {
		const flux = { model_owner: 'black-forest-labs', model_name: 'flux-schnell' };
		expect(await collected(client.models.list())).toHaveLength(30);
		expect(await known(client.models.get(flux))).toMatchObject({ is_official: true });
		expect(await known(client.models.examples.list(flux))).toMatchObject({
			results: [{ status: 'succeeded' }],
		});
		expect(await client.models.readme.get(flux)).toMatch(/^# black-forest-labs/);
		const own = { model_owner: 'sandbox', model_name: 'slow' };
		expect(await known(client.models.versions.list(own))).toMatchObject({
			results: [{ id: slow }],
		});
		expect(await known(client.models.versions.get({ ...own, version_id: slow }))).toMatchObject({
			id: slow,
		});
		const tokens = { model_owner: 'sandbox', model_name: 'tokens' };
		const prediction = client.models.predictions.create({ ...tokens, input: { prompt: 'hi' } });
		expect(await prediction).toMatchObject({ model: 'sandbox/tokens' });
		const created = { owner: 'sandbox', name: 'made', hardware: 'cpu' };
		await client.models.create({ ...created, visibility: 'private' });
		const made = { model_owner: 'sandbox', model_name: 'made' };
		expect(await known(client.models.get(made))).toMatchObject({ latest_version: null });
		await client.models.delete(made);
		await expect(client.models.get(made)).rejects.toMatchObject({ status: 404 });
	});

	it('deployments: create, get, list, update, run, delete', async () => {
		await client.deployments.create({
			name: 'made',
			model: 'sandbox/slow',
			version: slow,
			hardware: 'cpu',
			min_instances: 0,
			max_instances: 1,
		});
		const made = { deployment_owner: 'sandbox', deployment_name: 'made' };
		expect(await client.deployments.get(made)).toMatchObject({ name: 'made' });
		expect(await collected(client.deployments.list())).toHaveLength(3);
		expect(await client.deployments.update({ ...made, max_instances: 3 })).toMatchObject({
			current_release: { number: 2, configuration: { max_instances: 3 } },
		});
		const run = client.deployments.predictions.create({ ...made, input: { seconds: 0 } });
		expect(await run).toMatchObject({ model: 'sandbox/slow' });
		await client.deployments.delete(made);
		await expect(client.deployments.get(made)).rejects.toMatchObject({ status: 404 });
	});

	it('trainings: create, get, list, cancel', async () => {
		const mine = {
			owner: 'sandbox',
			name: 'mine',
			hardware: 'cpu',
			visibility: 'private',
		} as const;
		await client.models.create(mine);
		const created = await client.trainings.create({
			model_owner: 'sandbox',
			model_name: 'trainable',
			version_id: versionOf({ owner: 'sandbox', name: 'trainable' }),
			destination: 'sandbox/mine',
			input: { input_images: 'data:text/plain;base64,aGVsbG8=', steps: 1000 },
		});
		const training = { training_id: created.id! };
		expect(await client.trainings.get(training)).toMatchObject({ id: created.id });
		expect((await collected(client.trainings.list())).map(({ id }) => id)).toEqual([created.id]);
		expect(await client.trainings.cancel(training)).toMatchObject({ status: 'canceled' });
		const version = { model_owner: 'sandbox', model_name: 'trainable' };
		const version_id = versionOf({ owner: 'sandbox', name: 'trainable' });
		await client.models.versions.delete({ ...version, version_id });
		await expect(client.models.versions.get({ ...version, version_id })).rejects.toMatchObject({
			status: 404,
		});
	});

	it('answers everything as the schemas of the API say, searches too', async () => {
		const headers = { authorization: `Bearer ${sandbox.token}` };
		await checkedFetch(`${sandbox.baseUrl}/search?query=flux`, { headers });
		await checkedFetch(`${sandbox.baseUrl}/search`, { headers });
		await checkedFetch(`${sandbox.baseUrl}/account`);
		expect(checked.length).toBeGreaterThan(35);
		expect(faultIn('/account', 200, { type: 'robot' })).toMatch(
			/required property 'username'|allowed/,
		);
	});
});
