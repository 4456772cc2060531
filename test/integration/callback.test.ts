import { setTimeout as sleep } from 'node:timers/promises';
import { itemsOf } from '../../dev/engine/engine';
import { hasSignedResumeUrls } from '../../dev/engine/executions';
import {
	callbackRun as slow,
	holdPredictions,
	numbered as items,
	numberOf as indexOf,
	texts,
	textsOf,
} from './callbackWorld';
import { MAX_MARGIN_S } from '../../nodes/shared/predictions/cancelAfter';
import { NODE, runModel, startWorld, type World } from './world';
import { until } from '../timing';

/** Suspended runs, through n8n's engine: what the execution keeps is written out and read back. */
describe('waiting for callbacks', () => {
	let world: World;
	beforeEach(async () => {
		world = await startWorld('filesystem', { bootMs: 1 });
	});
	afterEach(async () => await world.stop());

	const creates = () =>
		world.sandbox.requests.filter(
			({ method, path }) => method === 'POST' && path === '/v1/predictions',
		);

	it('suspends, and goes on with the results when the last prediction has ended', async () => {
		const begin = holdPredictions(world.sandbox);
		const execution = world.start({ parameters: slow() }, items(3));
		const suspended = await execution.finished;
		expect(suspended.status).toBe('waiting');
		begin();
		const run = await execution.ended;
		expect(run.status).toBe('success');
		expect(textsOf(run)).toEqual(texts(3));
		expect(itemsOf(run, NODE).map(({ pairedItem }) => pairedItem)).toEqual([
			expect.objectContaining({ item: 0 }),
			expect.objectContaining({ item: 1 }),
			expect.objectContaining({ item: 2 }),
		]);
		expect(creates()).toHaveLength(3);
	});

	it('says what each item costs, failed ones as well', async () => {
		const prices = { values: [{ unit: 'prediction', price: 0.25 }] };
		const failing = { inputJson: '={{ { message: "no", label: "item " + $json.n } }}' };
		for (const [more, status] of [
			[{}, 'succeeded'],
			[{ ...runModel('sandbox/fail'), ...failing }, 'failed'],
		] as const) {
			const begin = holdPredictions(world.sandbox);
			const execution = world.start(
				{ parameters: slow({ options: { prices }, ...more }), onError: 'continueRegularOutput' },
				items(2),
			);
			expect((await execution.finished).status).toBe('waiting');
			begin();
			const found = itemsOf(await execution.ended, NODE).map(({ json }) => json);
			const costs = found.map(({ cost, details }) => cost ?? (details as { cost?: object }).cost);
			expect([status, costs]).toEqual([
				status,
				[0, 1].map(() => ({
					usd: 0.25,
					parts: [{ metric: 'prediction', amount: 1, price: 0.25, usd: 0.25 }],
				})),
			]);
		}
	});

	it('gives output files as binary data', async () => {
		const image = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
		const item = await world.fileItem(image, 'a.svg', 'image/svg+xml');
		const parameters = runModel('sandbox/thumbnail', {
			waitFor: 'callback',
			binaryField: '={{ $json.name.replace(".svg", "") }}',
		});
		const begin = holdPredictions(world.sandbox);
		const execution = world.start({ parameters }, [item]);
		expect((await execution.finished).status).toBe('waiting');
		begin();
		const run = await execution.ended;
		const { json, binary } = itemsOf(run, NODE)[0]!;
		expect(binary!.a).toMatchObject({ fileName: `thumbnail-${String(json.id)}.webp` });
	});

	it('removes uploads when the last prediction that reads them has ended, if that is wanted', async () => {
		const large = await world.fileItem(Buffer.alloc(1_500_000, 7), 'a.bin', 'image/png');
		const parameters = runModel('sandbox/checksum', {
			waitFor: 'callback',
			inputJson: '{"file":"data"}',
			options: { deleteUploads: true },
		});
		const begin = holdPredictions(world.sandbox);
		const execution = world.start({ parameters }, [large, large]);
		expect((await execution.finished).status).toBe('waiting');
		begin();
		const run = await execution.ended;
		expect(itemsOf(run, NODE).map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded']);
		const deleted = world.sandbox.requests.filter(({ method }) => method === 'DELETE');
		expect(deleted).toHaveLength(1);
		expect(world.sandbox.files.list('sandbox')).toEqual([]);
	});

	it('takes 25 callbacks, shuffled, doubled, and 3 of them lost', async () => {
		// Each takes 0.2 s to 0.9 s, item 15 the longest, and its callback a while more.
		const order = [
			7, 3, 20, 11, 0, 24, 5, 18, 2, 13, 9, 22, 1, 16, 4, 19, 8, 23, 6, 14, 10, 21, 12, 17, 15,
		];
		const seconds = (n: number) => 0.2 + order.indexOf(n) * 0.03;
		world.sandbox.webhooks.options = {
			copies: 2,
			delayMs: (_event, prediction) => (indexOf(prediction) * 37) % 100,
			isLost: (_event, prediction) => [3, 11, 9].includes(indexOf(prediction)),
			retriesMs: [20, 50],
		};
		const execution = world.start(
			{ parameters: slow({ options: { concurrency: 25 } }) },
			items(25).map(({ json }) => ({ json: { ...json, seconds: seconds(Number(json.n)) } })),
		);
		const run = await execution.ended;
		expect(textsOf(run)).toEqual(
			Array.from({ length: 25 }, (_, n) => `done after ${seconds(n)} s item ${n}`),
		);
		expect(creates()).toHaveLength(25);
		// Some come after the last one has resumed the execution.
		const arrived = () =>
			world.sandbox.webhooks.deliveries.filter(({ status }) => status !== undefined);
		const reached = () => new Set(arrived().map(({ predictionId }) => predictionId)).size;
		await until(() => arrived().length > 40 && reached() >= 22);
		expect(reached()).toBe(22);
		expect(world.sandbox.counts.reads).toBeLessThanOrEqual(2.2 * 25);
	});

	it('ends at the timeout with all ids when the last callback is lost, and Get collects them', async () => {
		world.sandbox.webhooks.options = { isLost: () => true };
		const begin = holdPredictions(world.sandbox);
		const execution = world.start({ parameters: slow() }, items(25));
		expect((await execution.finished).status).toBe('waiting');
		begin();
		execution.timeUp();
		const run = await execution.ended;
		const passed = itemsOf(run, NODE);
		expect(passed.map(({ json }) => json.predictionId)).toEqual(
			Array(25).fill(expect.stringMatching(/^[a-z0-9]{26}$/)),
		);
		const { items: results } = await world.run(
			{
				parameters: {
					operation: 'get',
					predictionId: '={{ $json.predictionId }}',
					waitUntilFinished: true,
				},
			},
			passed,
		);
		expect(results.map(({ json }) => json.text)).toEqual(texts(25));
		expect(creates()).toHaveLength(25);
	});

	it('takes the last callback while an earlier one is being handled', async () => {
		world.sandbox.webhooks.options = { retriesMs: [] };
		const begin = holdPredictions(world.sandbox);
		const execution = world.start({ parameters: slow({ options: { concurrency: 1 } }) }, [
			{ json: { n: 0, seconds: 0 } },
			{ json: { n: 1, seconds: 0.5 } },
		]);
		expect((await execution.finished).status).toBe('waiting');
		// The read shows the second prediction as running, and takes until after its end to arrive.
		world.sandbox.faults.plan('GET', /\/predictions\/\w/, { kind: 'drip', pieces: 20, ms: 60 });
		begin();
		const run = await execution.ended;
		expect(textsOf(run)).toEqual(['done after 0 s item 0', 'done after 0.5 s item 1']);
	});

	it('takes the last callback although a read still shows its prediction as running', async () => {
		world.sandbox.webhooks.options = { retriesMs: [50] };
		const begin = holdPredictions(world.sandbox);
		const execution = world.start({ parameters: slow() }, items(1));
		await execution.finished;
		const [prediction] = world.sandbox.predictions.all;
		const running = { id: prediction!.id, status: 'processing', output: null };
		world.sandbox.faults.plan('GET', /\/predictions\/\w/, {
			kind: 'answer',
			status: 200,
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(running),
		});
		begin();
		expect(textsOf(await execution.ended)).toEqual(texts(1));
		const statuses = () => world.sandbox.webhooks.deliveries.map(({ status }) => status);
		await until(() => statuses().length === 2 && statuses().every(Boolean));
		expect(statuses()).toEqual([503, 200]);
	});

	it('takes two callbacks at the same moment, and goes on once', async () => {
		world.sandbox.webhooks.options = { copies: 3 };
		const begin = holdPredictions(world.sandbox);
		const execution = world.start({ parameters: slow() }, items(2));
		await execution.finished;
		begin();
		const run = await execution.ended;
		expect(textsOf(run)).toEqual(texts(2));
		expect(run.data.resultData.runData[NODE]).toHaveLength(1);
		await until(() => world.sandbox.webhooks.deliveries.length >= 6);
		await sleep(100);
		expect(world.sandbox.webhooks.deliveries).toHaveLength(6);
	});

	it('says for each item that failed or was cancelled what happened', async () => {
		const parameters = runModel('={{ $json.model }}', {
			waitFor: 'callback',
			inputJson: '={{ $json.input }}',
		});
		const execution = world.start({ parameters, onError: 'continueRegularOutput' }, [
			{ json: { model: 'sandbox/slow', input: { seconds: 0 } } },
			{ json: { model: 'sandbox/fail', input: { message: 'out of paint' } } },
			{ json: { model: 'nobody/nothing', input: {} } },
			{ json: { model: 'sandbox/slow', input: { seconds: 60, label: 'cancel me' } } },
		]);
		await execution.finished;
		world.sandbox.predictions.all.find(({ input }) => input.label === 'cancel me')!.cancel();
		const run = await execution.ended;
		expect(itemsOf(run, NODE).map(({ json }) => json.status ?? json.error)).toEqual([
			'succeeded',
			'The model failed: out of paint [item 1]',
			'Replicate could not find the model "nobody/nothing" [item 2]',
			'The prediction was cancelled before it had a result [item 3]',
		]);
	});

	it('sends bad items to the error output', async () => {
		const parameters = runModel('={{ $json.model }}', { waitFor: 'callback' });
		const begin = holdPredictions(world.sandbox);
		const execution = world.start({ parameters, onError: 'continueErrorOutput' }, [
			{ json: { model: 'sandbox/slow:x' } },
			{ json: { model: 'sandbox/fail' } },
			{ json: { model: 'sandbox/variants' } },
		]);
		// There is nothing to wait for but the failing model's prediction.
		expect((await execution.finished).status).toBe('waiting');
		begin();
		const run = await execution.ended;
		expect(itemsOf(run, NODE)).toHaveLength(0);
		const failed = itemsOf(run, NODE, 1);
		expect(failed).toHaveLength(3);
		expect(failed[1]!.json).toMatchObject({
			error: expect.stringMatching(/^The model ran out of memory/),
			message: { predictionId: world.sandbox.predictions.all[0]!.id, status: 'failed' },
		});
	});

	it('cancels what was created when one item ends the node', async () => {
		const parameters = slow({
			model: { __rl: true, mode: 'name', value: '={{ $json.model }}' },
			options: { concurrency: 1 },
		});
		const run = await world.start({ parameters }, [
			{ json: { model: 'sandbox/slow', seconds: 60, n: 0 } },
			{ json: { model: 'nobody/nothing', seconds: 0, n: 1 } },
		]).ended;
		expect(run.status).toBe('error');
		const [first] = world.sandbox.predictions.all;
		expect(first!.status).toBe('canceled');
		expect(run.data.resultData.error!.description).toContain(first!.id);
	});

	it('tells Replicate to end what takes too long, and says so in the item', async () => {
		const execution = world.start({ parameters: slow({ options: { timeout: 1 } }) }, [
			{ json: { n: 0, seconds: 60 } },
		]);
		await execution.finished;
		const [prediction] = world.sandbox.predictions.all;
		const limitS = (prediction!.deadline! - prediction!.createdAt) / 1_000;
		expect(limitS).toBeGreaterThanOrEqual(1 + 15);
		expect(limitS).toBeLessThanOrEqual(1 + MAX_MARGIN_S);
		prediction!.cancel();
		const run = await execution.ended;
		expect(textsOf(run)).toEqual(['The prediction was cancelled before it had a result [item 0]']);
	});

	describe('forged calls', () => {
		const post = async (url: string, headers: Record<string, string>, body: string) =>
			(await fetch(url, { method: 'POST', headers, body })).status;

		it('are refused, and the execution continues waiting', async () => {
			const { webhooks } = world.sandbox;
			webhooks.options = { isLost: () => true };
			const begin = holdPredictions(world.sandbox);
			const execution = world.start({ parameters: slow() }, items(1));
			await execution.finished;
			begin();
			const [prediction] = world.sandbox.predictions.all;
			const { url } = prediction!.webhook!;
			const body = JSON.stringify({ id: prediction!.id, status: 'succeeded', output: 'evil' });
			const signed = webhooks.sign('msg_1', body);
			const stale = webhooks.sign('msg_1', body, Date.now() - 6 * 60_000);
			expect(await post(url, { 'content-type': 'application/json' }, body)).toBe(401);
			expect(await post(url, signed, body.replace('evil', 'worse'))).toBe(401);
			expect(await post(url, stale, body)).toBe(401);
			await prediction!.ended;
			// A true call is a wake-up only: the result is the API's, not the body's.
			expect(await post(url, signed, body)).toBe(200);
			expect(textsOf(await execution.ended)).toEqual(texts(1));
			expect(await post(url, signed, body)).toBe(409);
		});

		// n8n 2.14 and newer; 2.11 and older sign the addresses of their own approval nodes only.
		const itWithSignedAddress = hasSignedResumeUrls() ? it : it.skip;

		itWithSignedAddress(
			'are refused by n8n itself without its token (since n8n 2.14)',
			async () => {
				const { webhooks } = world.sandbox;
				webhooks.options = { isLost: () => true };
				holdPredictions(world.sandbox);
				await world.start({ parameters: slow() }, items(1)).finished;
				const [prediction] = world.sandbox.predictions.all;
				const body = JSON.stringify({ id: prediction!.id, status: 'succeeded' });
				const url = new URL(prediction!.webhook!.url);
				url.searchParams.delete('signature');
				expect(await post(url.href, webhooks.sign('msg_1', body), body)).toBe(401);
			},
		);

		it('are not told apart from true ones while Replicate cannot be asked', async () => {
			// A secret that could not be read is not asked for again for 5 seconds.
			world.sandbox.webhooks.options = { retriesMs: [10, 5_500] };
			const unavailable = { kind: 'answer', status: 404, body: '<html>not now</html>' } as const;
			world.sandbox.faults.plan('GET', /\/webhooks\/default\/secret$/, unavailable, 1);
			const begin = holdPredictions(world.sandbox);
			const execution = world.start({ parameters: slow() }, items(1));
			await execution.finished;
			begin();
			expect(textsOf(await execution.ended)).toEqual(texts(1));
			expect(world.sandbox.webhooks.deliveries.map(({ status }) => status)).toContain(503);
		});
	});

	it('is refused before anything is created where Replicate cannot reach n8n', async () => {
		world.engine.setCredential({ apiToken: 'x', baseUrl: 'https://api.replicate.com/v1' });
		const run = await world.start(
			{
				parameters: slow({
					model: { __rl: true, mode: 'name', value: 'a'.repeat(64) },
				}),
			},
			items(1),
		).ended;
		expect(run.data.resultData.error!.message).toMatch(
			/^Replicate cannot call this n8n back at http:\/\/127\.0\.0\.1:\d+: set the environment variable WEBHOOK_URL to its public https address, or set Continue to When the Result Is Ready \[item 0\]$/,
		);
	});
});
