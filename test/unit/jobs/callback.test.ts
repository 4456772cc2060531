import { receiveCallback } from '../../../nodes/jobs/receiveCallback';
import type { Awaited } from '../../../nodes/jobs/callback/earlyResults';
import type { Entry } from '../../../nodes/jobs/ledger/ledgerState';
import { suspend, type Suspension } from '../../../nodes/jobs/callback/suspension';
import { Claims } from '../../../nodes/shared/predictions/claims';
import { FakeN8n } from './fakeN8n';

jest.mock('../../../transports/edition', () => ({
	openTransport: (helpers: { transport: unknown }) => helpers.transport,
}));

const MINUTE = 60_000;
const TRY_AGAIN = { status: 503, json: { message: 'Try again later' } };

describe('a call of Replicate for a suspended execution', () => {
	/** A suspended run whose predictions still run. */
	const suspended = async (
		entries: Array<Partial<Entry>> = [{}, {}],
		awaited: Record<number, Partial<Awaited>> = { 0: {}, 1: {} },
	) => {
		const n8n = new FakeN8n(entries.length);
		for (const [index, { id = `p${index}` }] of entries.entries()) n8n.account.add(id);
		const jobs = await n8n.run(entries, awaited);
		await suspend(
			jobs,
			entries.map(() => ({ results: [] })),
		);
		n8n.account.requests.length = 0;
		const call = async (request: object) => {
			const { context, answers, asked } = n8n.webhook(request);
			const outcome = await receiveCallback.call(context);
			return { ...outcome, answers, asked };
		};
		/** Replicate's call that a prediction has ended. */
		const ended = async (id: string) => {
			n8n.account.end(id);
			return await call(n8n.account.callback(id));
		};
		return { n8n, account: n8n.account, call, ended, asked: () => n8n.account.requests.splice(0) };
	};
	const waits = { answers: [] };

	it('resumes it when the last prediction has ended, with the results in their items', async () => {
		const { ended } = await suspended();
		expect(await ended('p1')).toMatchObject(waits);
		expect(await ended('p0')).toMatchObject({
			workflowData: [
				[
					{ json: { id: 'p0', output: 'of p0' }, pairedItem: { item: 0 } },
					{ json: { id: 'p1', output: 'of p1' }, pairedItem: { item: 1 } },
				],
			],
		});
	});

	it('costs one read while others run', async () => {
		const { ended, asked } = await suspended([{}, {}, {}], { 0: {}, 1: {}, 2: {} });
		const outcome = await ended('p0');
		expect(outcome.workflowData).toBeUndefined();
		expect(asked()).toEqual(['GET /webhooks/default/secret', 'GET /predictions/p2']);
	});

	it('asks for the newest first, whatever the order of the items', async () => {
		const { ended, asked } = await suspended([{ from: 30 }, { from: 10 }, { from: 20 }], {
			0: {},
			1: {},
			2: {},
		});
		await ended('p1');
		expect(asked()).toContain('GET /predictions/p0');
	});

	it('does not wake an execution that goes on already', async () => {
		const { account, call, ended, asked } = await suspended([{}, {}]);
		await ended('p0');
		const both = await Promise.all([ended('p1'), call(account.callback('p0', {}, 'msg_again'))]);
		// Their signatures are checked side by side, so either may be the first that knows of both.
		const [woken, ...others] = both.sort(
			(one, other) => Number(!one.workflowData) - Number(!other.workflowData),
		);
		expect(woken!.workflowData).toBeDefined();
		expect(others).toEqual([expect.objectContaining({ answers: [] })]);
		expect(others[0]!.workflowData).toBeUndefined();
		asked();
		// What was known of it is forgotten: a late call has it read anew.
		await call(account.callback('p1', {}, 'msg_late'));
		expect(asked()).not.toEqual([]);
	});

	it('claims what its run has created, also after an earlier run of the same execution', async () => {
		const { n8n, ended } = await suspended();
		await ended('p0');
		// In a loop the execution is suspended again, perhaps by another process, as in queue mode.
		const kept = JSON.parse(n8n.memory.suspended as string) as Suspension;
		const [entry] = kept.ledger.entries;
		kept.ledger = {
			...kept.ledger,
			owner: 'next',
			entries: [{ ...entry!, id: 'of the next run' }],
		};
		n8n.memory.suspended = JSON.stringify({ ...kept, items: [kept.items[0]] });
		await ended('p1');
		expect(Claims.ofProcess.has('of the next run')).toBe(true);
	});

	it('is refused where it is not signed, before anything is read', async () => {
		const { call, asked, account } = await suspended();
		account.end('p0');
		const { headers } = account.callback('p0');
		const unsigned = { ...account.callback('p0'), headers: { ...headers, 'webhook-id': '' } };
		const forgery = { status: 401, json: { message: 'The signature does not match' } };
		expect(await call(unsigned)).toMatchObject({ answers: [forgery], noWebhookResponse: true });
		expect(asked()).toEqual([]);
		const changed = { headers, rawBody: Buffer.from('{"id":"p0","status":"succeeded"}') };
		expect(await call(changed)).toMatchObject({ answers: [forgery], noWebhookResponse: true });
	});

	it('is asked for again, without a reason, where Replicate cannot be read', async () => {
		const { ended, account } = await suspended();
		account.failures.set('GET /predictions/p1', 403);
		expect(await ended('p0')).toMatchObject({ answers: [TRY_AGAIN], noWebhookResponse: true });
		account.failures.clear();
		account.end('p1');
		expect((await ended('p0')).workflowData).toBeDefined();
	});

	it('is asked for again where the prediction is read as running all the same', async () => {
		const { call, account } = await suspended([{}], { 0: {} });
		const early = account.callback('p0', { status: 'succeeded' });
		expect(await call(early)).toMatchObject({ answers: [TRY_AGAIN] });
		account.end('p0');
		expect((await call(early)).workflowData).toBeDefined();
	});

	it('is asked for again where it is said to have ended, and only the others have', async () => {
		const { call, account, asked } = await suspended([{}, {}], { 0: {}, 1: {} });
		account.end('p1');
		const early = account.callback('p0', { status: 'succeeded', output: 'x' });
		expect(await call(early)).toMatchObject({ answers: [TRY_AGAIN] });
		expect(asked()).toContain('GET /predictions/p0');
		account.end('p0');
		expect((await call(early)).workflowData).toBeDefined();
	});

	it.each([
		['of a prediction of another node', 'other'],
		['of one that only begins', 'p0'],
	])('wakes nobody: %s', async (_what, id) => {
		const { call, account, asked } = await suspended();
		if (id === 'other') account.end('other');
		expect(await call(account.callback(id))).toMatchObject(waits);
		expect(asked()).toEqual(['GET /webhooks/default/secret']);
	});

	it('that comes twice counts once', async () => {
		const { ended, account, call, asked } = await suspended();
		await ended('p0');
		asked();
		expect(await call(account.callback('p0'))).toMatchObject(waits);
		expect(asked()).toEqual([]);
		expect(await call(account.callback('p0', {}, 'msg_again'))).toMatchObject(waits);
		expect(asked()).toEqual(['GET /predictions/p1']);
	});

	it('waits where n8n has kept nothing', async () => {
		const { n8n, ended, asked } = await suspended([{}], { 0: {} });
		delete n8n.memory.suspended;
		const outcome = await ended('p0');
		expect(outcome.workflowData).toBeUndefined();
		expect(outcome.answers).toEqual([]);
		expect(asked()).toEqual(['GET /webhooks/default/secret']);
	});

	it('reads what n8n has kept for the node, whatever its name', async () => {
		const { n8n, ended } = await suspended();
		n8n.node.name = 'A "node" {{ of }} mine';
		const { asked } = await ended('p0');
		const name = '"A \\"node\\" \\u007b\\u007b of \\u007d\\u007d mine"';
		expect(asked).toEqual([`{{ $node[${name}].context.suspended }}`]);
	});

	describe('when the first result would expire', () => {
		let minutes = 0;
		beforeEach(() => {
			minutes = 0;
			const [startedAt, ticks] = [Date.now(), performance.now()];
			jest.spyOn(Date, 'now').mockImplementation(() => startedAt + minutes * MINUTE);
			jest.spyOn(performance, 'now').mockImplementation(() => ticks + minutes * MINUTE);
		});
		afterEach(() => jest.restoreAllMocks());

		it.each([
			[44.9, false],
			[45.1, true],
		])('passes on what is there after %d minutes: %s', async (later, goesOn) => {
			const { n8n, account, call } = await suspended(
				[{ uploadIds: ['own', 'shared'] }, { uploadIds: ['shared'] }, {}],
				{ 0: {}, 1: {}, 2: {} },
			);
			const completedAt = new Date().toISOString();
			account.end('p0', { completed_at: completedAt });
			await call(account.callback('p0'));
			minutes = later;
			account.end('p2');
			const removed = () => account.requests.filter((request) => request.startsWith('DELETE'));
			const { workflowData } = await call(account.callback('p2', {}, 'msg_late'));
			expect(removed()).toEqual(goesOn ? ['DELETE /files/own'] : []);
			if (!goesOn) return expect(workflowData).toBeUndefined();
			const [first, second, third] = workflowData![0]!;
			expect(first!.json.output).toBe('of p0');
			expect(second).toEqual({ ...n8n.inputs[1], pairedItem: { item: 1 } });
			expect(second!.json.predictionId).toBe('p1');
			expect(third!.json.output).toBe('of p2');
		});
	});

	it('removes uploads once all have ended, each once', async () => {
		const { ended, asked } = await suspended([{ uploadIds: ['a', 'b'] }, { uploadIds: ['b'] }]);
		await ended('p0');
		expect(asked().filter((request) => request.startsWith('DELETE'))).toEqual([]);
		await ended('p1');
		expect(asked().filter((request) => request.startsWith('DELETE'))).toEqual([
			'DELETE /files/a',
			'DELETE /files/b',
		]);
	});

	it('removes no upload that a lost create may still read', async () => {
		const { n8n, ended, asked } = await suspended(
			[
				{ uploadIds: ['a', 'b'] },
				{ id: '', state: 'unknown', uploadIds: ['b', 'c'] },
				{ state: 'created', outcome: 'cancelUnconfirmed', uploadIds: ['d'] },
			],
			{ 0: {}, 1: {}, 2: {} },
		);
		const kept = JSON.parse(n8n.memory.suspended as string) as Suspension;
		kept.items.splice(1, 2, { error: { message: 'lost' } }, { error: { message: 'late' } });
		n8n.memory.suspended = JSON.stringify(kept);
		await ended('p0');
		expect(asked().filter((request) => request.startsWith('DELETE'))).toEqual(['DELETE /files/a']);
	});

	it('gives the error of one that failed, and what was known before the suspension', async () => {
		const { n8n, account, call } = await suspended();
		const kept = JSON.parse(n8n.memory.suspended as string) as Suspension;
		kept.items[0] = { result: { json: { output: 'early' } } };
		n8n.memory.suspended = JSON.stringify(kept);
		account.end('p1', { status: 'failed', error: 'out of memory', output: null });
		const { workflowData } = await call(account.callback('p1'));
		const [first, second] = workflowData![0]!;
		expect(first).toEqual({ json: { output: 'early' }, pairedItem: { item: 0 } });
		expect(second!.json.error).toContain('out of memory');
		expect(second!.pairedItem).toEqual({ item: 1 });
	});

	it.each<[string, (n8n: FakeN8n) => Promise<void>]>([
		[
			'waits in the node’s next run',
			async (n8n) => {
				delete n8n.memory.ledger;
				await suspend(await n8n.run([{ id: 'next' }], { 0: {} }), [{ results: [] }]);
			},
		],
		[
			'was continued by n8n’s timer',
			async (n8n) => {
				const { until } = JSON.parse(n8n.memory.suspended as string) as Suspension;
				jest.spyOn(Date, 'now').mockReturnValue(until!);
				await Promise.resolve();
			},
		],
	])('continues nothing where the execution meanwhile %s', async (_what, meanwhile) => {
		const { n8n, account, ended } = await suspended([{}], { 0: {} });
		account.add('next');
		account.onRequest = async (request) => {
			if (request !== 'GET /predictions/p0') return;
			account.onRequest = undefined;
			await meanwhile(n8n);
		};
		const { workflowData, answers } = await ended('p0');
		jest.restoreAllMocks();
		expect(workflowData).toBeUndefined();
		expect(answers).toEqual([TRY_AGAIN]);
	});

	it('of the node’s next run is not held up by one of the run before', async () => {
		const { n8n, account, ended } = await suspended([{}], { 0: {} });
		let next: ReturnType<typeof ended> | undefined;
		const order: unknown[] = [];
		account.onRequest = async (request) => {
			if (request !== 'GET /predictions/p0' || next) return;
			delete n8n.memory.ledger;
			account.add('next');
			await suspend(await n8n.run([{ id: 'next' }], { 0: {} }), [{ results: [] }]);
			next = ended('next');
			order.push((await next).workflowData ? 'next' : 'nothing');
		};
		order.push((await ended('p0')).answers);
		expect(order).toEqual(['next', [TRY_AGAIN]]);
		expect(await next!).toMatchObject({ workflowData: [[{ json: { id: 'next' } }]] });
	});

	it('is handled after another of the same execution that is just being handled', async () => {
		const { account, call } = await suspended();
		const calls: Array<ReturnType<typeof call>> = [];
		account.end('p0');
		account.onRequest = (request) => {
			if (request !== 'GET /predictions/p1' || calls.length > 1) return;
			account.onRequest = undefined;
			const before = account.predictions.get('p1')!;
			account.end('p1');
			calls.push(call(account.callback('p1')));
			// The first reading was too early.
			account.predictions.set('p1', before);
			void Promise.resolve().then(() => account.end('p1'));
		};
		calls.unshift(call(account.callback('p0')));
		const [first] = await Promise.all(calls);
		const all = await Promise.all(calls);
		expect(all.filter(({ workflowData }) => workflowData)).toHaveLength(1);
		expect(first!.answers).toEqual([]);
	});
});
