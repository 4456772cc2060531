import type { INode, INodeParameters, IRun } from 'n8n-workflow';
import { itemsOf } from '../../dev/engine/engine';
import { runModel, startWorld, triggerNode, type World } from './world';
import { until } from '../timing';

const TRIGGER = 'Replicate Trigger';

describe('the Replicate Trigger', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const trigger = (parameters: INodeParameters, credential?: string, id = 'trigger'): INode => ({
		...triggerNode(
			{ statuses: ['succeeded', 'failed', 'canceled', 'aborted'], ...parameters },
			credential,
		),
		id,
		name: TRIGGER,
	});
	const activate = (parameters: INodeParameters = {}, id?: string) =>
		world.engine.activate({ nodes: [trigger(parameters, 'sandbox', id)], connections: {} });
	/** One of Replicate's own calls, signed, to each of these addresses. */
	const call = async (id: string, prediction: object, ...urls: string[]) => {
		const body = JSON.stringify({ id: 'abc', model: 'a/b', status: 'succeeded', ...prediction });
		const headers = world.sandbox.webhooks.sign(id, body);
		return await Promise.all(
			urls.map(async (url) => (await fetch(url, { method: 'POST', headers, body })).status),
		);
	};
	const runOf = async (workflow: { runs: Array<Promise<IRun>> }, index = 0) => {
		await until(() => workflow.runs.length > index);
		return itemsOf(await workflow.runs[index]!, TRIGGER)[0]!;
	};
	const quiet = async () => await new Promise((resolve) => setTimeout(resolve, 400));
	const run = async (model: string, webhookUrl: string, more: INodeParameters = {}) =>
		await world.run({
			parameters: runModel(model, {
				waitFor: 'nothing',
				...more,
				options: { webhookUrl, ...((more.options ?? {}) as object) },
			}),
		});
	const svg = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').toString('base64')}`;
	const thumbnail = { inputJson: JSON.stringify({ image: svg }) };

	describe('when its workflow is switched on', () => {
		const switchOn = async (apiToken: string, baseUrl = world.sandbox.baseUrl) => {
			world.engine.setCredential({ apiToken, baseUrl }, 'own');
			await world.engine.switchOn(trigger({}, 'own'));
		};

		it('reads the secret with which calls are checked, and makes nothing at Replicate', async () => {
			const before = world.sandbox.requests.length;
			await switchOn(world.sandbox.token);
			expect(world.sandbox.requests.slice(before)).toMatchObject([
				{ method: 'GET', path: expect.stringMatching(/\/webhooks\/default\/secret$/) },
			]);
		});

		it.each([
			['a token that Replicate refuses', 'r8_wrong', /^Replicate did not accept the API token/],
			['no token', '', /^The Replicate credential has no API token/],
		])('says so of %s', async (_what, token, message) => {
			await expect(switchOn(token)).rejects.toThrow(message);
		});

		it('says so of a token that may not read the secret', async () => {
			world.sandbox.faults.plan('GET', /secret$/, { kind: 'answer', status: 403 });
			await expect(switchOn(world.sandbox.token)).rejects.toThrow(/^Replicate refused/);
		});

		it('is not held up while Replicate cannot be reached', async () => {
			world.sandbox.faults.plan('GET', /secret$/, { kind: 'answer', status: 503 }, 50);
			await switchOn(world.sandbox.token);
			world.sandbox.faults.forget();
		});
	});

	it('starts a workflow when a prediction has ended, by the URL in the Replicate node', async () => {
		const workflow = activate({ downloadFiles: true });
		const { items } = await run('sandbox/thumbnail', workflow.url, thumbnail);
		const { json, binary } = await runOf(workflow);
		expect(json).toMatchObject({
			type: 'prediction',
			id: items[0]!.json.id,
			status: 'succeeded',
			files: [{ field: 'data', fileName: `thumbnail-${String(items[0]!.json.id)}.webp` }],
		});
		expect(binary!.data).toMatchObject({ mimeType: 'image/webp' });
	});

	it('says what was ordered: the input, and the query of the address', async () => {
		const workflow = activate();
		const inputJson = '{"seconds":0,"label":"for Ada"}';
		await run('sandbox/slow', `${workflow.url}?order=17`, { inputJson });
		expect((await runOf(workflow)).json).toMatchObject({
			input: { seconds: 0, label: 'for Ada' },
			query: { order: '17' },
		});
	});

	it('leaves files where they are unless asked, and tells of failures', async () => {
		const workflow = activate();
		await run('sandbox/thumbnail', workflow.url, thumbnail);
		expect((await runOf(workflow)).binary).toBeUndefined();
		await run('sandbox/fail', workflow.url, { inputJson: '{"message":"out of paint"}' });
		expect((await runOf(workflow, 1)).json).toMatchObject({
			status: 'failed',
			errorMessage: 'out of paint',
		});
	});

	it.each(['failed', 'canceled', 'aborted', 'processing'])(
		'leaves the files of a prediction where they are that is %s, whether they are wanted or not',
		async (status) => {
			const workflow = activate({ downloadFiles: true, statuses: [status] });
			const output = await world.sandbox.delivery.host(`${status}.png`, Buffer.alloc(10));
			expect(await call(`msg_${status}`, { status, output }, workflow.url)).toEqual([200]);
			const { json, binary } = await runOf(workflow);
			expect(json).toMatchObject({ status, files: [{ url: output }] });
			expect(binary).toBeUndefined();
			const fetched = world.sandbox.delivery.requests.map(({ path }) => path);
			expect(fetched.filter((path) => path.includes(`${status}.png`))).toEqual([]);
		},
	);

	it('starts the workflow all the same when a file cannot be had, and says why', async () => {
		const workflow = activate({ downloadFiles: true });
		world.sandbox.faults.plan('GET', /^\/pbxt\//, { kind: 'answer', status: 404 }, 20);
		await run('sandbox/thumbnail', workflow.url, thumbnail);
		const { json } = await runOf(workflow);
		expect(json).toMatchObject({ status: 'succeeded' });
		expect(json.downloadError).toMatch(/^The prediction succeeded, but its output file could not/);
	});

	it.each([
		['a model', { models: 'sandbox/fail, somebody' }, false],
		['the model', { models: 'somebody, sandbox/slow' }, true],
		['its owner', { models: 'sandbox' }, true],
		['another status', { statuses: ['failed'] }, false],
		['trainings', { source: 'trainings' }, false],
		['predictions', { source: 'predictions' }, true],
	])('filters by %s: %j', async (_by, parameters, starts) => {
		const workflow = activate(parameters);
		await run('sandbox/slow', workflow.url, { inputJson: '{"seconds":0}' });
		if (starts) expect((await runOf(workflow)).json).toMatchObject({ status: 'succeeded' });
		else {
			await quiet();
			expect(workflow.runs).toHaveLength(0);
		}
	});

	it('starts on progress where it is asked for', async () => {
		const workflow = activate({ statuses: ['processing'] });
		await run('sandbox/slow', workflow.url, {
			inputJson: '{"seconds":0.3}',
			options: { webhookEvents: ['start', 'logs', 'completed'] },
		});
		expect((await runOf(workflow)).json).toMatchObject({ status: 'processing' });
		expect((await runOf(workflow, 1)).json).toMatchObject({ progress: { percentage: 10 } });
	});

	it('refuses what is not signed, not fresh, or changed, and answers duplicates without a run', async () => {
		const workflow = activate();
		const { webhooks } = world.sandbox;
		const body = JSON.stringify({ id: 'abc', status: 'succeeded', model: 'a/b', output: 'text' });
		const post = async (headers: Record<string, string>, text = body) =>
			(await fetch(workflow.url, { method: 'POST', headers, body: text })).status;
		const signed = webhooks.sign('msg_a', body);
		expect(await post({ 'content-type': 'application/json' })).toBe(401);
		expect(await post(signed, body.replace('text', 'tampered'))).toBe(401);
		expect(await post(webhooks.sign('msg_a', body, Date.now() - 301_000))).toBe(401);
		expect(await post(webhooks.sign('msg_a', body, Date.now() + 301_000))).toBe(401);
		expect(await post({ ...signed, 'webhook-signature': 'v1,AAAA' })).toBe(401);
		expect(await post({ ...signed, 'webhook-signature': '' })).toBe(401);
		expect(await post(signed)).toBe(200);
		expect(await post(signed)).toBe(200);
		expect(await post(webhooks.sign('msg_a', body))).toBe(200);
		await runOf(workflow);
		await quiet();
		expect(workflow.runs).toHaveLength(1);
		expect(await post(webhooks.sign('msg_b', body))).toBe(200);
		expect(await runOf(workflow, 1)).toMatchObject({ json: { id: 'abc', text: 'text' } });
	});

	it('starts each of two workflows by a call that reaches both', async () => {
		const [one, other] = [activate({}, 'one'), activate({}, 'other')];
		expect(await call('msg_both', {}, one.url, other.url)).toEqual([200, 200]);
		expect((await runOf(one)).json).toMatchObject({ id: 'abc' });
		expect((await runOf(other)).json).toMatchObject({ id: 'abc' });
	});

	it('knows trainings', async () => {
		const workflow = activate({ source: 'trainings' });
		const output = { version: 'me/mine:abc', weights: 'https://replicate.delivery/w.tar' };
		const urls = { get: `${world.sandbox.baseUrl}/trainings/t1` };
		const body = JSON.stringify({ id: 't1', status: 'succeeded', model: 'a/b', urls, output });
		const headers = world.sandbox.webhooks.sign('msg_t', body);
		await fetch(workflow.url, { method: 'POST', headers, body });
		expect((await runOf(workflow)).json).toMatchObject({ type: 'training', output });
	});

	it('leaves the weights of a training where they are, whether files are wanted or not', async () => {
		const workflow = activate({ downloadFiles: true });
		const weights = await world.sandbox.delivery.host('w.tar', Buffer.alloc(10));
		const output = { version: 'me/mine:abc', weights };
		const urls = { get: `${world.sandbox.baseUrl}/trainings/t2` };
		const body = JSON.stringify({ id: 't2', status: 'succeeded', model: 'a/b', urls, output });
		const headers = world.sandbox.webhooks.sign('msg_w', body);
		await fetch(workflow.url, { method: 'POST', headers, body });
		const { json, binary } = await runOf(workflow);
		expect(json).toMatchObject({ type: 'training', files: [{ url: weights }] });
		expect(binary).toBeUndefined();
		expect(world.sandbox.delivery.requests.some(({ path }) => path.includes('w.tar'))).toBe(false);
	});

	it('is named wrongly before anything is created, when Replicate could not reach it', async () => {
		world.engine.setCredential({ apiToken: 'x', baseUrl: 'https://api.replicate.com/v1' });
		const { error } = await run('a'.repeat(64), 'http://localhost:5678/webhook/x');
		world.engine.setCredential({ apiToken: world.sandbox.token, baseUrl: world.sandbox.baseUrl });
		expect(error!.message).toBe(
			'Options → Webhook URL must be a public address that starts with https://, and is "http://localhost:5678/webhook/x" [item 0]',
		);
	});

	it('starts no workflow for trainings by a prediction whose output claims to be one', async () => {
		const workflow = activate({ source: 'trainings' });
		const predictions = activate({ source: 'predictions' });
		const output = { weights: 'https://evil.example/w.tar', version: 'me/evil:1' };
		expect(await call('msg_claim', { output }, workflow.url)).toEqual([200]);
		expect(await call('msg_claim_2', { output }, predictions.url)).toEqual([200]);
		expect((await runOf(predictions)).json).toMatchObject({ type: 'prediction' });
		expect(workflow.runs).toHaveLength(0);
	});

	it('has Replicate call again while it cannot be told what a webhook is about', async () => {
		const workflow = activate();
		const claim = { id: 'undecided', output: { weights: 'a', version: 'b' } };
		world.sandbox.faults.plan('GET', /trainings\/undecided$/, { kind: 'answer', status: 403 });
		expect(await call('msg_undecided', claim, workflow.url)).toEqual([503]);
		expect(workflow.runs).toHaveLength(0);
		expect(await call('msg_undecided', claim, workflow.url)).toEqual([200]);
		expect((await runOf(workflow)).json).toMatchObject({ type: 'prediction' });
	});
});
