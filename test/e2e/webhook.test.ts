import { createHash, randomBytes } from 'node:crypto';
import { nodeType } from '../../dev/packageName';
import type { SavedWorkflow } from '../../dev/n8n/session';
import {
	allEnded,
	called,
	executed,
	given,
	inARow,
	startN8nWorld,
	type N8nWorld,
} from './n8nWorld';

/** Bytes of files as a browser or curl posts them, around the borders of how they travel. */
const SIZES = [1, 50_000, 999_999, 1_000_000, 5_000_000, 60_000_000];

describe('files posted to a webhook of a complete n8n', () => {
	let world: N8nWorld;

	beforeAll(async () => (world = await startN8nWorld()));
	afterAll(async () => await world.stop());

	const checksum = (path: string, parameters: object) =>
		inARow(world, path, [
			{
				name: 'Webhook',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				webhookId: path,
				parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
			},
			{
				name: 'Checksum',
				type: nodeType('replicate'),
				typeVersion: 1,
				parameters: {
					model: { __rl: true, mode: 'name', value: 'sandbox/checksum' },
					inputJson: '{}',
					...parameters,
				},
			},
		]);

	it('all arrive, byte for byte, each by the way of its size', async () => {
		const { session, main, sandbox } = world;
		const names = SIZES.map((_, index) => `file${index}`);
		const values = [{ input: 'files', binaryFields: names.join(',') }];
		const workflow = await session.createWorkflow(checksum('sizes', { fileInputs: { values } }));
		await session.activate(workflow);
		const contents = SIZES.map((size) => randomBytes(size));
		const form = new FormData();
		contents.forEach((bytes, index) =>
			form.append(names[index]!, new Blob([bytes]), `Bild ${index} – ü.bin`),
		);
		const answer = await called(`${main.url}/webhook/sizes`, form);
		const { output } = (await answer.json()) as { output: object[] };
		expect(output).toEqual(
			contents.map((bytes) =>
				expect.objectContaining({
					size: bytes.length,
					sha256: createHash('sha256').update(bytes).digest('hex'),
				}),
			),
		);
		// The inlined ones stay below 1 MB together, so the largest of them goes up as well.
		const uploads = sandbox.requests.filter(
			({ method, path }) => method === 'POST' && path.endsWith('/files'),
		);
		expect(uploads).toHaveLength(4);
	});

	it('runs requests that come together, each with its own file', async () => {
		const { session, main } = world;
		const values = [{ input: 'files', binaryFields: 'file' }];
		const workflow = await session.createWorkflow(checksum('together', { fileInputs: { values } }));
		await session.activate(workflow);
		const contents = Array.from({ length: 20 }, () => randomBytes(1_200_000));
		const send = async (bytes: Buffer) => {
			const form = new FormData();
			form.append('file', new Blob([bytes]), 'file.bin');
			return (await (await called(`${main.url}/webhook/together`, form)).json()) as {
				output: object[];
			};
		};
		await send(contents[0]!);
		const answers = await Promise.all(contents.map(send));
		expect(answers.map(({ output }) => output)).toEqual(
			contents.map((bytes) => [
				expect.objectContaining({ sha256: createHash('sha256').update(bytes).digest('hex') }),
			]),
		);
		const executions = await allEnded(session, workflow.id, 21);
		expect(executions.every(({ status }) => status === 'success')).toBe(true);
		expect(given(executions[0]!.data, 'Checksum')).toHaveLength(1);
	});

	it.each([
		['csv', 'text/csv', 'name,price\nfox,3\n', { name: 'fox', price: '3' }],
		['json', 'application/json', '{"name":"fox"}', { data: { name: 'fox' } }],
	])('a result is read by Extract from File: %s', async (kind, type, text, row) => {
		const { session, main, credentials } = world;
		const path = `extract-${kind}`;
		const operation = kind === 'csv' ? 'csv' : 'fromJson';
		const nodes = [
			{
				name: 'Webhook',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				webhookId: path,
				parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
			},
			{
				name: 'Copy',
				type: nodeType('replicate'),
				typeVersion: 1,
				parameters: { model: { __rl: true, mode: 'name', value: 'sandbox/copy' }, inputJson: '{}' },
			},
			{
				name: 'Extract from File',
				type: 'n8n-nodes-base.extractFromFile',
				typeVersion: 1,
				parameters: { operation, binaryPropertyName: 'data' },
			},
		];
		await session.activate(await session.createWorkflow(inARow({ credentials }, path, nodes)));
		const form = new FormData();
		form.append('file', new Blob([text], { type }), `prices.${kind}`);
		const answer = await called(`${main.url}/webhook/${path}`, form);
		expect(await answer.json()).toEqual(row);
	});

	it('get the model’s example in a run by hand only, not from a webhook or another workflow', async () => {
		const { session, main, sandbox } = world;
		const parameters = {
			model: { __rl: true, mode: 'name', value: 'sandbox/tokens' },
			inputJson: '{"prompt":"a"}',
			options: { manualRuns: 'example' },
		};
		const tokens = {
			name: 'Tokens',
			type: nodeType('replicate'),
			typeVersion: 1,
			parameters,
		};
		const hook = {
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			webhookId: 'examples',
			parameters: { httpMethod: 'POST', path: 'examples', responseMode: 'lastNode', options: {} },
		};
		const byHand = {
			name: 'By hand',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			parameters: {},
		};
		const started = {
			name: 'Started',
			type: 'n8n-nodes-base.executeWorkflowTrigger',
			typeVersion: 1.1,
			parameters: { inputSource: 'passthrough' },
		};
		const created = async (act: () => Promise<unknown>) => {
			sandbox.forget();
			await act();
			return sandbox.predictions.all.length;
		};
		const runByHand = async (workflow: SavedWorkflow) =>
			await executed(session, workflow, 'By hand');
		const live = await session.createWorkflow(inARow(world, 'examples', [hook, tokens]));
		await session.activate(live);
		expect(await created(async () => await called(`${main.url}/webhook/examples`, {}))).toBe(1);
		// The editor listens for one call at the test address.
		const request = { triggerToStartFrom: { name: 'Webhook' } };
		await session.request('POST', `/workflows/${live.id}/run`, request);
		const test = `${main.url}/webhook-test/examples`;
		expect(await created(async () => await called(test, {}))).toBe(0);
		const own = await session.createWorkflow(inARow(world, 'by hand', [byHand, tokens]));
		expect(await created(async () => await runByHand(own))).toBe(0);
		const sub = await session.createWorkflow(inARow(world, 'part', [started, tokens]));
		await session.activate(sub);
		const caller = await session.createWorkflow(
			inARow(world, 'whole', [
				byHand,
				{
					name: 'Part',
					type: 'n8n-nodes-base.executeWorkflow',
					typeVersion: 1.2,
					parameters: { workflowId: { __rl: true, mode: 'id', value: sub.id }, options: {} },
				},
			]),
		);
		expect(await created(async () => await runByHand(caller))).toBe(1);
	});
});
