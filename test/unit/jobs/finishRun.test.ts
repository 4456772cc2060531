import { InputError } from '../../../nodes/shared/api/errors';
import { finishRun } from '../../../nodes/jobs/finishRun';
import type { Entry } from '../../../nodes/jobs/ledger/ledgerState';
import { FakeN8n } from './fakeN8n';

jest.mock('../../../transports/edition', () => ({
	openTransport: (helpers: { transport: unknown }) => helpers.transport,
}));

const error = new InputError('No such model', { code: 'notAModel', given: 'x' });
const results = { results: [] };
/** One of each kind that a run can have created. */
const KINDS: Array<Partial<Entry>> = [
	{},
	{ outcome: 'leftForRetry' },
	{ outcome: 'leftRunning' },
	{ outcome: 'handedOver' },
	{ state: 'ended', status: 'succeeded', outcome: 'collected' },
	{ state: 'unknown', id: undefined },
];

describe('a run of the node that ends', () => {
	/** A run with one of each, all of which Replicate has as running. */
	const begin = async (entries = KINDS, awaited = {}) => {
		const n8n = new FakeN8n(entries.length);
		for (const index of entries.keys()) n8n.account.add(`p${index}`);
		const jobs = await n8n.run(entries, awaited);
		const outcomes = entries.map(() => results);
		const cancels = () =>
			n8n.account.requests.filter((request) => request.endsWith('/cancel')).map(idOf);
		return { n8n, jobs, outcomes, cancels };
	};
	const idOf = (request: string) => request.split('/')[2];

	it('by an error cancels what nobody will wait for, and names all with its state', async () => {
		const { jobs, outcomes, cancels } = await begin();
		outcomes[5] = { error } as never;
		const { note, output, isStopped } = await finishRun(jobs, { outcomes, failed: 5 });
		expect(cancels()).toEqual(['p0', 'p1']);
		expect({ output, isStopped }).toEqual({});
		expect(note!.context.created).toEqual(
			['cancelled', 'cancelled', 'running', 'running', 'succeeded', 'unknown'].map((state) =>
				expect.objectContaining({ state }),
			),
		);
	});

	it('by an error that already names one does not name it twice', async () => {
		const { jobs, outcomes } = await begin([{ outcome: 'leftRunning' }]);
		const named = new InputError('Look', { code: 'runUnreadable', noun: 'prediction', id: 'p0' });
		outcomes[0] = { error: named } as never;
		expect((await finishRun(jobs, { outcomes, failed: 0 })).note!.text).toBe('');
	});

	it.each([
		['lets them run for the next try', true, false, []],
		['cancels them where the user has stopped it', true, true, ['p0', 'p1']],
		['cancels them in the last try', false, false, ['p0', 'p1']],
	] as const)('by an error %s', async (_what, willRetry, isStopped, ids) => {
		const { n8n, jobs, outcomes, cancels } = await begin();
		outcomes[5] = { error } as never;
		n8n.node.retryOnFail = willRetry;
		n8n.isStoppedByUser = isStopped;
		await finishRun(jobs, { outcomes, failed: 5 });
		expect(cancels()).toEqual(ids);
	});

	it('well cancels only what an earlier try has left for another input', async () => {
		const { jobs, outcomes, cancels, n8n } = await begin();
		expect(await finishRun(jobs, { outcomes })).toEqual({});
		expect(cancels()).toEqual(['p1']);
		expect(n8n.waitsTill).toBeUndefined();
	});

	it('is suspended where items wait for callbacks', async () => {
		const { n8n, jobs, outcomes } = await begin([{}, {}], { 0: {}, 1: {} });
		const { output, isStopped } = await finishRun(jobs, { outcomes });
		expect(output).toHaveLength(2);
		expect(isStopped).toBeUndefined();
		expect(n8n.waitsTill).toBeDefined();
	});

	it('goes on at once where all have ended before n8n could take a callback', async () => {
		const { n8n, jobs, outcomes } = await begin([{}, {}], { 0: {}, 1: {} });
		for (const id of ['p0', 'p1']) n8n.account.end(id);
		const { output } = await finishRun(jobs, { outcomes });
		expect(output!.map(({ json }) => json.output)).toEqual(['of p0', 'of p1']);
		expect(n8n.waitsTill).toBeUndefined();
	});

	it('passes nothing on where it is stopped at that moment, and names what it has cancelled', async () => {
		const { n8n, jobs, outcomes, cancels } = await begin([{}, {}], { 0: {}, 1: {} });
		n8n.account.onRequest = () => void (n8n.isStoppedByUser = true);
		const { output, isStopped, note } = await finishRun(jobs, { outcomes });
		expect(output).toBeUndefined();
		expect(isStopped).toBe(true);
		expect(cancels()).toEqual(['p0', 'p1']);
		expect(note!.text).toBe('Other predictions were cancelled: p0, p1.');
		expect(n8n.waitsTill).toBeUndefined();
	});

	it('passes on what there is where it is stopped with nothing left to wait for', async () => {
		const { n8n, jobs, outcomes, cancels } = await begin([{ outcome: 'leftRunning' }, {}]);
		n8n.isStoppedByUser = true;
		expect(await finishRun(jobs, { outcomes })).toEqual({});
		expect(cancels()).toEqual([]);
	});

	it('cancels no more than five at a time', async () => {
		const { n8n, jobs, outcomes } = await begin(Array.from({ length: 12 }, () => ({})));
		let [now, max] = [0, 0];
		n8n.account.onRequest = async () => {
			max = Math.max(max, ++now);
			await new Promise((resolve) => setImmediate(resolve));
			now -= 1;
		};
		outcomes[0] = { error } as never;
		await finishRun(jobs, { outcomes, failed: 0 });
		expect(max).toBe(5);
	});

	it('removes uploads of what has ended, and none that another still reads', async () => {
		const { n8n, jobs, outcomes } = await begin([
			{ state: 'ended', status: 'succeeded', uploadIds: ['own', 'shared', 'twice'] },
			{ outcome: 'leftRunning', uploadIds: ['shared', 'later'] },
			{ outcome: 'cancelled', uploadIds: ['gone', 'twice'] },
			{ state: 'ended', status: 'failed' },
		]);
		await finishRun(jobs, { outcomes });
		const removed = n8n.account.requests.filter((request) => request.startsWith('DELETE'));
		expect(removed.map(idOf)).toEqual(['own', 'twice', 'gone']);
		expect(jobs.ledger.entries.map(({ uploadIds }) => uploadIds)).toEqual([
			undefined,
			['shared', 'later'],
			undefined,
			undefined,
		]);
	});

	it.each([
		['the last try', { failed: 0 }],
		['success', {}],
	])('removes uploads also after %s', async (_what, end) => {
		const uploadIds = ['own'];
		const { n8n, jobs } = await begin([{ state: 'ended', status: 'failed', uploadIds }]);
		await finishRun(jobs, { outcomes: [{ error }], ...end });
		expect(n8n.account.requests).toEqual(['DELETE /files/own']);
	});

	it('removes uploads of what it has cancelled at the stop', async () => {
		const { n8n, jobs, outcomes } = await begin([{ uploadIds: ['own'] }], { 0: {} });
		n8n.account.onRequest = () => void (n8n.isStoppedByUser = true);
		await finishRun(jobs, { outcomes });
		expect(n8n.account.requests.at(-1)).toBe('DELETE /files/own');
	});
});
