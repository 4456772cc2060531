import type { INode } from 'n8n-workflow';
import { itemsOf } from '../../dev/engine/engine';
import { nodeType } from '../../dev/packageName';
import { callbackRun, holdPredictions, numbered, textsOf, texts } from './callbackWorld';
import { NODE, runModel, startWorld, type World } from './world';

/** What goes on when n8n's timer ends the wait, and what is refused before anything is created. */
describe('a suspended run', () => {
	let world: World;
	beforeEach(async () => {
		world = await startWorld('filesystem', { bootMs: 1 });
	});
	afterEach(async () => await world.stop());

	const mixed = [
		{ json: { model: 'sandbox/slow', seconds: 0, n: 0 } },
		{ json: { model: 'nobody/nothing', seconds: 0, n: 1 } },
		{ json: { model: 'sandbox/slow', seconds: 0, n: 2 } },
	];
	const byModel = runModel('={{ $json.model }}', {
		waitFor: 'callback',
		inputJson: '={{ { seconds: $json.seconds, label: "item " + $json.n } }}',
	});
	const NOT_FOUND = 'Replicate could not find the model "nobody/nothing" [item 1]';
	const ID = expect.stringMatching(/^[a-z0-9]{26}$/);

	/** Suspends a run whose second item cannot be created, and lets n8n's timer end. */
	const timedOut = async (onError: INode['onError']) => {
		holdPredictions(world.sandbox);
		const execution = world.start({ parameters: byModel, onError }, mixed);
		expect((await execution.finished).status).toBe('waiting');
		execution.timeUp();
		return await execution.ended;
	};

	it('passes on an error as an error after the timer, with On Error → Continue', async () => {
		const run = await timedOut('continueRegularOutput');
		expect(itemsOf(run, NODE).map(({ json }) => json)).toEqual([
			{ ...mixed[0]!.json, predictionId: ID },
			{
				...mixed[1]!.json,
				error: NOT_FOUND,
				details: expect.objectContaining({ httpCode: 404 }),
				predictionError: NOT_FOUND,
			},
			{ ...mixed[2]!.json, predictionId: ID },
		]);
	});

	it('sends an error to the error output after the timer, and all ids to the other', async () => {
		const run = await timedOut('continueErrorOutput');
		expect(itemsOf(run, NODE).map(({ json }) => json)).toEqual([
			{ ...mixed[0]!.json, predictionId: ID },
			{ ...mixed[2]!.json, predictionId: ID },
		]);
		expect(itemsOf(run, NODE, 1).map(({ json }) => json)).toEqual([
			expect.objectContaining({ n: 1, error: NOT_FOUND }),
		]);
	});

	it('sends results and errors to their outputs after callbacks', async () => {
		const begin = holdPredictions(world.sandbox);
		const execution = world.start({ parameters: byModel, onError: 'continueErrorOutput' }, mixed);
		await execution.finished;
		begin();
		const run = await execution.ended;
		expect(itemsOf(run, NODE).map(({ json }) => json.text)).toEqual([
			texts(1)[0],
			'done after 0 s item 2',
		]);
		expect(itemsOf(run, NODE, 1).map(({ json }) => json)).toEqual([
			expect.objectContaining({ n: 1, error: NOT_FOUND }),
		]);
	});

	it('names the uploads that it did not remove', async () => {
		holdPredictions(world.sandbox);
		const large = await world.fileItem(Buffer.alloc(1_500_000, 7), 'a.bin', 'image/png');
		const parameters = runModel('sandbox/checksum', {
			waitFor: 'callback',
			inputJson: '{"file":"data"}',
			options: { deleteUploads: true },
		});
		const execution = world.start({ parameters }, [large]);
		await execution.finished;
		execution.timeUp();
		const [{ json }] = itemsOf(await execution.ended, NODE) as [{ json: { warnings: string[] } }];
		const { id } = world.sandbox.files.list('sandbox')[0]!;
		expect(json.warnings).toEqual([expect.stringContaining(`File → Delete: ${id}.`)]);
	});

	it('says that Delete Uploads has no effect with Continue → Right Away', async () => {
		const large = await world.fileItem(Buffer.alloc(1_500_000, 7), 'a.bin', 'image/png');
		const parameters = runModel('sandbox/checksum', {
			waitFor: 'nothing',
			inputJson: '{"file":"data"}',
			options: { deleteUploads: true },
		});
		const { run } = await world.run({ parameters }, [large]);
		expect(run.data.resultData.runData[NODE]![0]!.hints).toEqual([
			expect.objectContaining({
				message: expect.stringMatching(
					/^Options → Delete Uploads has no effect with Continue → Right Away/,
				),
			}),
		]);
	});

	it('does not take One per File, which n8n would pair with the wrong items', async () => {
		const parameters = callbackRun({ options: { outputItems: 'perFile' } });
		const { error } = await world.run({ parameters }, numbered(1));
		expect(error?.message).toMatch(
			/^Options → Output Items → One per File cannot be used with Continue → When Replicate Calls Back: n8n would pair the files with the wrong items \[item 0\]$/,
		);
		expect(error?.description).toContain('One per Prediction');
		expect(world.sandbox.predictions.all).toHaveLength(0);
	});

	it('is not woken at the address of a node that waits after it, nor wakes that node', async () => {
		const { engine, sandbox } = world;
		sandbox.webhooks.options = { copies: 2, retriesMs: [] };
		const begin = holdPredictions(sandbox);
		const execution = engine.start(withWait(), numbered(1));
		await execution.finished;
		begin();
		await sandbox.predictions.all[0]!.ended;
		const { url } = sandbox.predictions.all[0]!.webhook!;
		expect(new URL(url).pathname).toMatch(/^\/webhook-waiting\/[\w-]+\/replicate-callback$/);
		expect(new URL(url).searchParams.has('item')).toBe(false);
		const body = JSON.stringify({ id: sandbox.predictions.all[0]!.id, status: 'succeeded' });
		const call = async (address: string) =>
			(await fetch(address, { method: 'POST', headers: sandbox.webhooks.sign('late', body), body }))
				.status;
		// Replicate's own callback resumes it, and the Wait node suspends it again.
		await until(async () => (await call(url)) === 404);
		const bare = url.replace('/replicate-callback', '');
		expect(await call(bare)).toBe(200);
		const run = await execution.ended;
		expect(itemsOf(run, 'Wait')[0]!.json.body).toMatchObject({ status: 'succeeded' });
		expect(textsOf(run)).toEqual(texts(1));
	});
});

/** A trigger, a Replicate node that waits for callbacks, and a node that waits for a person. */
function withWait() {
	const node = (name: string, type: string, parameters = {}) => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters,
		credentials: { replicateApi: { id: 'sandbox', name: 'Sandbox' } },
	});
	const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
	return {
		nodes: [
			node('Trigger', 'n8n-nodes-base.manualTrigger'),
			node(NODE, nodeType('replicate'), callbackRun()),
			node('Wait', 'n8n-nodes-base.wait'),
		],
		connections: { Trigger: to(NODE), [NODE]: to('Wait') },
	};
}

async function until(holds: () => Promise<boolean>): Promise<void> {
	while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
