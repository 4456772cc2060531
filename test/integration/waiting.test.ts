import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_MARGIN_S } from '../../nodes/shared/predictions/cancelAfter';
import { runModel, startWorld, type World } from './world';
import { until } from '../timing';

describe('waiting', () => {
	let world: World;

	beforeEach(async () => (world = await startWorld()));
	afterEach(async () => await world.stop());

	const slow = (seconds: number, more = {}) => ({
		parameters: runModel('sandbox/slow', { inputJson: JSON.stringify({ seconds }), ...more }),
	});
	const predictions = () => world.sandbox.predictions.all;
	const count = (method: string, path: RegExp) =>
		world.sandbox.requests.filter((request) => request.method === method && path.test(request.path))
			.length;

	it('takes the result from the held create, without polling', async () => {
		const { items } = await world.run(slow(0.2));
		expect(items[0]!.json).toMatchObject({ status: 'succeeded', text: 'done after 0.2 s' });
		expect(count('GET', /predictions/)).toBe(0);
	});

	it('polls a prediction whose held create ended while it was running', async () => {
		const impatient = await startWorld('filesystem', { longestHoldSeconds: 1 });
		// Held for 1 s and read after 2 s: half a second before the end.
		const { items } = await impatient.run(slow(2.5));
		expect(items[0]!.json).toMatchObject({ status: 'succeeded', text: 'done after 2.5 s' });
		expect(impatient.sandbox.requests.map(({ method }) => method)).toEqual([
			'GET',
			'POST',
			'GET',
			'GET',
		]);
		await impatient.stop();
	});

	it('asks again when a finished prediction still says "processing"', async () => {
		const quirky = await startWorld('filesystem', { heldStatus: 'processing' });
		const { items } = await quirky.run(slow(0.1));
		expect(items[0]!.json).toMatchObject({ status: 'succeeded', text: 'done after 0.1 s' });
		expect(quirky.sandbox.requests.filter(({ path }) => /predictions\//.test(path))).toHaveLength(
			1,
		);
		await quirky.stop();
	});

	it('returns at once when asked to, and Get with "wait until finished" brings the result', async () => {
		const { items } = await world.run(slow(1.5, { waitFor: 'nothing' }));
		expect(items[0]!.json).toMatchObject({ status: 'starting', output: null });
		const got = await world.run(
			{
				parameters: { operation: 'get', predictionId: '={{ $json.id }}', waitUntilFinished: true },
			},
			[{ json: { id: items[0]!.json.id as string } }],
		);
		expect(got.items[0]!.json).toMatchObject({ status: 'succeeded', text: 'done after 1.5 s' });
	});

	it('gets a prediction as it is, running or failed', async () => {
		const { items } = await world.run(slow(30, { waitFor: 'nothing' }));
		const get = { parameters: { operation: 'get', predictionId: items[0]!.json.id as string } };
		expect((await world.run(get)).items[0]!.json).toMatchObject({ files: [], output: null });
		await world.run({ parameters: runModel('sandbox/fail', { waitFor: 'nothing' }) });
		await predictions().at(-1)!.ended;
		const failed = { parameters: { operation: 'get', predictionId: predictions().at(-1)!.id } };
		expect((await world.run(failed)).items[0]!.json).toMatchObject({
			status: 'failed',
			errorMessage: 'CUDA out of memory',
		});
	});

	it('cancels a prediction', async () => {
		const { items } = await world.run(slow(30, { waitFor: 'nothing' }));
		const id = items[0]!.json.id as string;
		const cancelled = await world.run({ parameters: { operation: 'cancel', predictionId: id } });
		expect(cancelled.items[0]!.json).toMatchObject({ id, status: 'canceled' });
		const waited = await world.run({
			parameters: { operation: 'get', predictionId: id, waitUntilFinished: true },
		});
		expect(waited.error!.message).toBe(
			'The prediction was cancelled before it had a result [item 0]',
		);
	});

	it.each(['get', 'cancel'])('explains an unknown id in %s', async (operation) => {
		const unknown = await world.run({
			parameters: { operation, predictionId: 'nosuchprediction' },
		});
		expect(unknown.error!.message).toBe(
			'Replicate could not find the prediction "nosuchprediction" [item 0]',
		);
		const invalid = await world.run({ parameters: { operation, predictionId: '../account' } });
		expect(invalid.error!.message).toBe('"../account" is not a prediction ID [item 0]');
	});

	it('cancels at the time limit, says the id, and tells Replicate its limit too', async () => {
		const { error } = await world.run(slow(60, { options: { timeout: 1 } }));
		const [prediction] = predictions();
		expect(error!.message).toBe(
			'The prediction was not finished within the time limit and was cancelled [item 0]',
		);
		expect(error!.description).toContain(prediction!.id);
		expect(prediction!.status).toBe('canceled');
		const limitS = (prediction!.deadline! - prediction!.createdAt) / 1_000;
		expect(limitS).toBeGreaterThanOrEqual(1 + 15);
		expect(limitS).toBeLessThanOrEqual(1 + MAX_MARGIN_S);
		expect(count('POST', /cancel$/)).toBe(1);
	});

	it('leaves it running at the time limit when asked to', async () => {
		const { error } = await world.run(slow(60, { options: { timeout: 1, onTimeout: 'leave' } }));
		const [prediction] = predictions();
		expect(error!.message).toBe(
			'The prediction was not finished within the time limit and is still running [item 0]',
		);
		expect(error!.description).toContain(prediction!.id);
		expect(prediction!.status).toBe('processing');
		expect(prediction!.deadline).toBeUndefined();
	});

	it('cancels the prediction when the workflow is stopped while the create is still held', async () => {
		const execution = world.start(slow(60));
		await until(() => predictions()[0]?.status === 'processing');
		execution.stop();
		await until(() => predictions()[0]!.status === 'canceled');
		await execution.finished.catch(() => {});
		expect(predictions()).toHaveLength(1);
	});

	it('cancels all of several equal items when the workflow is stopped', async () => {
		const execution = world.start(
			slow(60),
			Array.from({ length: 3 }, () => ({ json: {} })),
		);
		await until(() => predictions().length === 3);
		execution.stop();
		await until(() => predictions().every(({ status }) => status === 'canceled'));
		await execution.finished.catch(() => {});
	});

	it('cancels the prediction when the workflow is stopped while polling', async () => {
		const impatient = await startWorld('filesystem', { longestHoldSeconds: 1 });
		const execution = impatient.start(slow(60));
		await until(() =>
			impatient.sandbox.requests.some(({ path }) => /predictions\/\w+$/.test(path)),
		);
		execution.stop();
		await until(() => impatient.sandbox.predictions.all[0]!.status === 'canceled');
		await execution.finished.catch(() => {});
		await impatient.stop();
	});

	it('leaves a prediction running when a workflow is stopped that only gets it', async () => {
		const { items } = await world.run(slow(60, { waitFor: 'nothing' }));
		const predictionId = items[0]!.json.id as string;
		const execution = world.start({
			parameters: { operation: 'get', predictionId, waitUntilFinished: true },
		});
		await until(() => count('GET', /predictions\/\w+$/) >= 1);
		execution.stop();
		await execution.finished.catch(() => {});
		await sleep(200);
		expect(count('POST', /cancel$/)).toBe(0);
		expect(predictions()[0]!.status).toBe('processing');
	});

	it('keeps the order of the items, whichever ends first, and no more in work than asked', async () => {
		const items = [0.6, 0.1, 0.4, 0.2].map((seconds) => ({ json: { seconds } }));
		const parameters = runModel('sandbox/slow', {
			inputJson: '={{ { seconds: $json.seconds } }}',
			options: { concurrency: 2 },
		});
		const result = await world.run({ parameters }, items);
		expect(result.items.map(({ json }) => json.text)).toEqual(
			[0.6, 0.1, 0.4, 0.2].map((seconds) => `done after ${seconds} s`),
		);
		const edges = predictions().flatMap(({ createdAt, completedAt }) => [
			{ at: createdAt, step: 1 },
			{ at: completedAt!, step: -1 },
		]);
		edges.sort((one, other) => one.at - other.at || one.step - other.step);
		let running = 0;
		const max = Math.max(...edges.map(({ step }) => (running += step)));
		expect(max).toBe(2);
	});
});
