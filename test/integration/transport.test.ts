import { setTimeout as sleep } from 'node:timers/promises';
import { EDITION, PACKAGE_NAME } from '../../dev/packageName';
import { runModel, startWorld, type World } from './world';

describe('a bad line to Replicate', () => {
	let world: World;

	beforeEach(async () => (world = await startWorld()));
	afterEach(async () => await world.stop());

	const tokens = (prompt: string, more = {}) => ({
		parameters: runModel('sandbox/tokens', { inputJson: JSON.stringify({ prompt }), ...more }),
	});
	const created = () => world.sandbox.predictions.all.length;
	const creates = () =>
		world.sandbox.requests.filter(
			({ method, path }) => method === 'POST' && /predictions$/.test(path),
		).length;

	/** A prediction of the same account that another process has created. */
	const elsewhere = async (input: object) => {
		const { baseUrl, token } = world.sandbox;
		const response = await fetch(`${baseUrl}/predictions`, {
			method: 'POST',
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
			body: JSON.stringify({ version: 'sandbox/tokens', input }),
		});
		expect(response.status).toBe(201);
	};

	/** Lets no prediction begin until what this gives is called. */
	const holdPredictions = () => {
		let release = () => {};
		const gate = new Promise<void>((resolve) => (release = resolve));
		world.sandbox.predictions.boot = async () => await gate;
		return release;
	};
	/** Waits until the list was read, and what follows from it was sent. */
	const looked = async () => {
		const isList = ({ method, path }: { method: string; path: string }) =>
			method === 'GET' && /predictions\?/.test(path);
		while (!world.sandbox.requests.some(isList)) await sleep(10);
		await sleep(300);
	};

	it.each([
		['a 500', { kind: 'answer', status: 500, body: '{"detail":"Internal server error"}' }],
		['an HTML page of 502', { kind: 'answer', status: 502, body: '<html>Bad gateway</html>' }],
		['an empty 503', { kind: 'answer', status: 503 }],
		['a 429', { kind: 'answer', status: 429, headers: { 'retry-after': '1' } }],
		['a cut connection', { kind: 'cutBefore' }],
	] as const)('reads again after %s', async (_name, fault) => {
		world.sandbox.faults.plan('GET', /models/, fault, 2);
		const { items } = await world.run(tokens('hello'));
		expect(items[0]!.json.text).toBe('hello');
		expect(created()).toBe(1);
	});

	it('uploads again after a cut connection, with the same bytes', async () => {
		world.sandbox.faults.plan('POST', /files$/, { kind: 'cutBefore' }, 2);
		const item = await world.fileItem(Buffer.alloc(3_000_000, 'abc'), 'a.bin', 'application/zip');
		const { items } = await world.run({ parameters: { resource: 'file', operation: 'upload' } }, [
			item,
		]);
		expect(items[0]!.json).toMatchObject({ size: 3_000_000, content_type: 'application/zip' });
	});

	it('adopts the prediction when the answer to the create is lost, and sends nothing twice', async () => {
		world.sandbox.faults.plan('POST', /predictions$/, { kind: 'cutAfter' });
		const { items } = await world.run(tokens('lost and found'));
		expect(items[0]!.json).toMatchObject({ status: 'succeeded', text: 'lost and found' });
		expect([created(), creates()]).toEqual([1, 1]);
	});

	it('tells predictions of other items apart when an answer is lost', async () => {
		await world.run(tokens('the same'));
		world.sandbox.faults.plan('POST', /predictions$/, { kind: 'cutAfter' });
		const items = ['one', 'the same', 'two'].map((prompt) => ({ json: { prompt } }));
		const parameters = runModel('sandbox/tokens', {
			inputJson: '={{ { prompt: $json.prompt } }}',
			options: { concurrency: 1 },
		});
		const result = await world.run({ parameters }, items);
		expect(result.items.map(({ json }) => json.text)).toEqual(['one', 'the same', 'two']);
		expect([created(), creates()]).toEqual([4, 4]);
	});

	it('adopts for each of several equal items when all their answers are lost', async () => {
		world.sandbox.faults.plan('POST', /predictions$/, { kind: 'cutAfter' }, 3);
		const items = Array.from({ length: 4 }, () => ({ json: {} }));
		const result = await world.run(tokens('equal'), items);
		expect(new Set(result.items.map(({ json }) => json.id)).size).toBe(4);
		expect([created(), creates()]).toEqual([4, 4]);
	});

	describe('when the answer to a create with a file inside is lost', () => {
		const checksum = (more = {}) =>
			runModel('sandbox/checksum', {
				inputJson: '{}',
				fileInputs: { values: [{ input: 'file', binaryFields: 'data' }] },
				...more,
			});
		const photo = async (name: string) =>
			await world.fileItem(Buffer.alloc(20_000, name), `${name}.png`, 'image/png');
		const namesIds = (...ids: string[]) => ({ possiblePredictionIds: ids });

		it('names the prediction, because Replicate’s list does not tell whose file it is', async () => {
			world.sandbox.faults.plan('POST', /predictions$/, { kind: 'cutAfter' });
			const { items } = await world.run(
				{ parameters: checksum(), onError: 'continueRegularOutput' },
				[await photo('mine')],
			);
			const { id } = world.sandbox.predictions.all[0]!;
			expect(items[0]!.json.error).toMatch(/not known whether the prediction was created/);
			expect(items[0]!.json.details).toMatchObject(namesIds(id));
			expect([created(), creates()]).toEqual([1, 1]);
		});

		it('does not take the prediction of another item, whose answer is still to come', async () => {
			const { faults, predictions } = world.sandbox;
			// The other create is held all the while.
			predictions.boot = async () => await sleep(6_000);
			faults.plan('POST', /predictions$/, { kind: 'cutBefore' });
			const { items } = await world.run(
				{ parameters: checksum(), onError: 'continueRegularOutput' },
				[await photo('mine'), await photo('yours')],
			);
			const [other] = predictions.all;
			const [lost, right] = items[0]!.json.error ? items : [items[1], items[0]];
			expect(lost!.json.error).toMatch(/not known whether the prediction was created/);
			expect(right!.json).toMatchObject({ status: 'succeeded', id: other!.id });
			expect([created(), creates()]).toEqual([1, 2]);
		});

		it('does not take the prediction of another execution', async () => {
			const { faults, predictions } = world.sandbox;
			const other = world.start({ parameters: checksum() }, [await photo('yours')]);
			while (created() === 0) await sleep(10);
			faults.plan('POST', /predictions$/, { kind: 'cutBefore' });
			const { error } = await world.run({ parameters: checksum() }, [await photo('mine')]);
			expect(error!.message).toMatch(/not known whether the prediction was created/);
			expect(error!.description).not.toContain(predictions.all[0]!.id);
			expect((await other.finished).status).toBe('success');
			expect([created(), creates()]).toEqual([1, 2]);
		});

		it('does not cancel the prediction of another execution when the workflow is stopped', async () => {
			const { predictions } = world.sandbox;
			const release = holdPredictions();
			const other = world.start({ parameters: checksum() }, [await photo('yours')]);
			while (created() === 0) await sleep(10);
			world.sandbox.faults.plan('POST', /predictions$/, { kind: 'stall' });
			const mine = world.start({ parameters: checksum() }, [await photo('mine')]);
			while (creates() < 2) await sleep(10);
			mine.stop();
			await looked();
			release();
			expect((await other.finished).status).toBe('success');
			expect(predictions.all.map(({ status }) => status)).toEqual(['succeeded']);
		});
	});

	it('does not take the prediction of an equal item, whose answer is still to come', async () => {
		const { faults, predictions } = world.sandbox;
		predictions.boot = async () => await sleep(6_000);
		faults.plan('POST', /predictions$/, { kind: 'cutBefore' });
		const { items } = await world.run({ ...tokens('equal'), onError: 'continueRegularOutput' }, [
			{ json: {} },
			{ json: {} },
		]);
		expect(items.filter(({ json }) => json.status === 'succeeded')).toHaveLength(1);
		const [lost] = items.filter(({ json }) => json.error !== undefined);
		expect(lost!.json.error).toMatch(/not known whether the prediction was created/);
		// What the other item has is no candidate.
		expect(lost!.json.details).not.toHaveProperty('possiblePredictionIds');
		expect([created(), creates()]).toEqual([1, 2]);
	});

	it('takes none of more predictions than were lost, and names them', async () => {
		// All in the window of time in which the lost one may have been created.
		await Promise.all(
			Array.from({ length: 11 }, async () => await elsewhere({ prompt: 'the same' })),
		);
		world.sandbox.faults.plan('POST', /predictions$/, { kind: 'cutAfter' });
		const { items } = await world.run({
			...tokens('the same'),
			onError: 'continueRegularOutput',
		});
		const ids = world.sandbox.predictions.all.map(({ id }) => id);
		expect(ids).toHaveLength(12);
		const { error, details } = items[0]!.json as {
			error: string;
			details: { description: string; possiblePredictionIds: string[] };
		};
		expect(error).toMatch(/not known whether the prediction was created/);
		expect(details.possiblePredictionIds.sort()).toEqual(ids.sort());
		expect(details.description).toMatch(
			/If it was created, it is one of these; read them with Prediction → Get: (\w{26}, ){9}\w{26} and 2 more\.$/,
		);
	});

	it('does not take the prediction of another model with the same input', async () => {
		await world.run({ parameters: runModel('sandbox/checksum', { inputJson: '{}' }) });
		world.sandbox.faults.plan('POST', /predictions$/, { kind: 'cutBefore' });
		const { error } = await world.run({
			parameters: runModel('sandbox/slow', { inputJson: '{}' }),
		});
		expect(error!.message).toMatch(/not known whether the prediction was created/);
		expect(error!.description).toContain('Look at replicate.com/predictions');
		expect([created(), creates()]).toEqual([1, 2]);
	});

	it('cancels nothing early when it may be the prediction of another execution', async () => {
		const { predictions } = world.sandbox;
		const release = holdPredictions();
		const other = world.start(tokens('equal'));
		while (created() < 1) await sleep(10);
		const mine = world.start(tokens('equal'));
		while (created() < 2) await sleep(10);
		mine.stop();
		await looked();
		release();
		expect((await other.finished).status).toBe('success');
		expect(predictions.all[0]!.status).toBe('succeeded');
	});

	it('does not take a prediction that has more inputs than were sent', async () => {
		await elsewhere({ prompt: 'the same', max_tokens: 9 });
		world.sandbox.faults.plan('POST', /predictions$/, { kind: 'cutBefore' });
		const { error } = await world.run(tokens('the same'));
		expect(error!.message).toMatch(/not known whether the prediction was created/);
		expect(error!.description).toContain(world.sandbox.predictions.all[0]!.id);
	});

	it('says so when it is not known whether the prediction was created, and sends nothing twice', async () => {
		world.sandbox.faults.plan('POST', /predictions$/, { kind: 'cutBefore' });
		const { error } = await world.run(tokens('gone'));
		expect(error!.message).toMatch(
			/so it is not known whether the prediction was created \[item 0\]$/,
		);
		expect(error!.description).toContain('replicate.com/predictions');
		expect([created(), creates()]).toEqual([0, 1]);
	});

	it('does not send a create again after a 500', async () => {
		world.sandbox.faults.plan('POST', /predictions$/, { kind: 'answer', status: 500 });
		const { error } = await world.run(tokens('five hundred'));
		expect(error!.message).toContain('not known whether the prediction was created');
		expect(creates()).toBe(1);
	});

	it.each([
		[
			'retry_after in the body',
			{},
			'{"detail":"Request was throttled.","status":429,"retry_after":1}',
		],
		['Retry-After', { 'retry-after': '1' }, ''],
		['ratelimit-reset', { 'ratelimit-reset': '1' }, '<html>'],
		[
			'the number in the text',
			{},
			'{"detail":"Request was throttled. Your rate limit resets in ~1s."}',
		],
	])('waits as long as a 429 asks by %s, then creates', async (_name, headers, body) => {
		world.sandbox.faults.plan('POST', /predictions$/, {
			kind: 'answer',
			status: 429,
			headers,
			body,
		});
		const startedAt = Date.now();
		const { items } = await world.run(tokens('patience'));
		expect(items[0]!.json.text).toBe('patience');
		expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1_000);
		expect([created(), creates()]).toEqual([1, 2]);
	});

	it('gives up a throttled create at the time limit, and says that nothing was created', async () => {
		const body = '{"detail":"Request was throttled.","status":429,"retry_after":60}';
		world.sandbox.faults.plan('POST', /predictions$/, { kind: 'answer', status: 429, body });
		const { error } = await world.run(tokens('never', { options: { timeout: 2 } }));
		expect(error!.message).toBe(
			'Replicate is limiting how fast this account may send requests [item 0]',
		);
		expect(created()).toBe(0);
	});

	it('brings all items through a low limit without a storm of refused creates', async () => {
		await world.stop();
		world = await startWorld('filesystem', { createLimit: { perMinute: 60, burst: 1 } });
		const prompts = Array.from({ length: 8 }, (_, index) => `n${index}`);
		const parameters = runModel('sandbox/tokens', {
			inputJson: '={{ { prompt: $json.prompt } }}',
			options: { concurrency: 8 },
		});
		const items = prompts.map((prompt) => ({ json: { prompt } }));
		const result = await world.run({ parameters }, items);
		expect(result.items.map(({ json }) => json.text)).toEqual(prompts);
		expect(created()).toBe(8);
		// The first seven are refused in any case; if all came again each second, 28 would be.
		expect(world.sandbox.createLimit.refused).toBeLessThanOrEqual(16);
	});

	it('tries again when nothing listens yet, and says so in the end', async () => {
		world.engine.setCredential({ apiToken: 'x', baseUrl: 'http://127.0.0.1:9/v1' });
		const { error } = await world.run({ parameters: { operation: 'cancel', predictionId: 'abc' } });
		expect(error!.message).toBe(
			'Could not get a response from http://127.0.0.1:9: the connection was refused [item 0]',
		);
		expect(error!.description).toContain('ECONNREFUSED');
	});

	it('keeps its connections for many requests, under its own name', async () => {
		const parameters = runModel('sandbox/tokens', {
			inputJson: '{"prompt":"x"}',
			options: { concurrency: 1 },
		});
		await world.run(
			{ parameters },
			Array.from({ length: 20 }, () => ({ json: {} })),
		);
		const { requests } = world.sandbox;
		// n8n's own helper, with which the cloud edition sends, opens one for each request.
		const max = EDITION === 'cloud' ? requests.length : 2;
		expect(new Set(requests.map(({ remotePort }) => remotePort)).size).toBeLessThanOrEqual(max);
		expect(new Set(requests.map(({ userAgent }) => userAgent))).toEqual(
			new Set([expect.stringMatching(new RegExp(`^${PACKAGE_NAME}/\\d`))]),
		);
	});
});
