import { reportOf } from '../../../nodes/jobs/ledger/report';
import { Ledger } from '../../../nodes/jobs/ledger/ledger';
import type { Entry } from '../../../nodes/jobs/ledger/ledgerState';

let created = 0;
const entry = (more: Partial<Entry>): Entry => ({
	key: `k${created++}`,
	item: 0,
	execution: 'x',
	fingerprint: 'f',
	kind: 'prediction',
	state: 'created',
	from: 0,
	...more,
});
const told = (entries: Entry[], named = '', item?: number) =>
	reportOf(new Ledger({ runIndex: 0, execution: 'x', owner: 'o', tries: 1, entries }), named, item);
const ended = (status: string, more: Partial<Entry> = {}) =>
	entry({ id: 'a', state: 'ended', status, ...more });
const KEEP = 'To keep such results, set the node’s On Error to Continue.';

describe('what an error says of everything that was created', () => {
	it('is to retry, where n8n keeps the execution: what has succeeded is not paid for again', () => {
		const entries = [ended('succeeded', { item: 1 }), ended('succeeded', { item: 2, id: 'b' })];
		const ledger = new Ledger({ runIndex: 0, execution: 'x', owner: 'o', tries: 1, entries });
		expect(reportOf(ledger, '', undefined, true).text).toBe(
			`Retry this execution within an hour: the 2 that have succeeded are not paid for again: a, b. ${KEEP}`,
		);
	});

	it('is nothing where nothing was created', () => {
		expect(told([])).toEqual({ text: '', context: {} });
	});

	it.each<[Entry, string, string]>([
		[
			ended('succeeded'),
			'succeeded',
			`Other predictions have succeeded; get them with Prediction → Get within an hour: a. ${KEEP}`,
		],
		[
			ended('succeeded', { outcome: 'cancelUnconfirmed' }),
			'succeeded',
			`Other predictions have succeeded; get them with Prediction → Get within an hour: a. ${KEEP}`,
		],
		[ended('failed'), 'failed', 'Other predictions have failed: a.'],
		[ended('canceled'), 'cancelled', 'Other predictions were cancelled: a.'],
		[ended('aborted'), 'cancelled', 'Other predictions were cancelled: a.'],
		[
			entry({ id: 'a', status: 'processing' }),
			'running',
			'Other predictions were left running; get them later with Prediction → Get: a.',
		],
		[
			entry({ id: 'a', status: 'processing', outcome: 'handedOver' }),
			'running',
			'Other predictions were left running; get them later with Prediction → Get: a.',
		],
		[
			entry({ id: 'a', status: 'processing', outcome: 'cancelUnconfirmed', kind: 'training' }),
			'cancelUnconfirmed',
			'Other trainings may still be running, because Replicate did not confirm the cancellation; look at them with Training → Get: a.',
		],
		[
			entry({ id: 'a', status: 'starting', kind: 'deploymentPrediction' }),
			'running',
			'Other predictions were left running; get them later with Prediction → Get: a.',
		],
	])('names %j as %s', (one, state, text) => {
		const resource = one.kind === 'training' ? 'training' : 'prediction';
		expect(told([one])).toEqual({
			text,
			context: { created: [{ item: 0, resource, id: 'a', state, status: one.status }] },
		});
	});

	it.each<Partial<Entry>>([
		{ state: 'intended' },
		{ state: 'unknown', possibleIds: ['b', 'c'] },
		{ state: 'unknown', possibleIds: [] },
	])('does not claim to know of %j', (more) => {
		const { text, context } = told([entry(more)]);
		expect(text).toBe(
			'For 1 more, it is not known whether it was created; look at replicate.com/predictions.',
		);
		const { possibleIds = [] } = more;
		expect(context).toEqual({
			created: [
				{
					item: 0,
					resource: 'prediction',
					state: 'unknown',
					...(possibleIds.length > 0 ? { possibleIds } : {}),
				},
			],
		});
		expect(told([entry(more)], '', 1).text).toBe(text);
		expect(told([entry(more)], '', 0)).toEqual({ text: '', context });
		expect(told([entry(more), entry(more)]).text).toMatch(/^For 2 more, .* whether they were/);
	});

	it('leaves out of its words what the error names, and of its data nothing', () => {
		const { text, context } = told([ended('failed'), ended('failed', { id: 'bb' })], 'It is bb.');
		expect(text).toBe('Other predictions have failed: a.');
		expect(context.created).toHaveLength(2);
	});

	it('names ten of each state in words, and all as data', () => {
		const many = (count: number) =>
			Array.from({ length: count }, (_, n) => ended('failed', { id: `id${n}`, item: n }));
		expect(told(many(10)).text).toMatch(/id9\.$/);
		const { text, context } = told(many(12));
		expect(text).toMatch(/: (id\d, ){9}id9 and 2 more\.$/);
		expect(context.created).toHaveLength(12);
	});

	it('tells predictions from trainings, and each state from the others', () => {
		const { text } = told([
			ended('failed'),
			ended('failed', { id: 'b', kind: 'training' }),
			entry({ id: 'c', status: 'processing' }),
			ended('succeeded', { id: 'd' }),
		]);
		expect(text).toBe(
			`Other predictions have succeeded; get them with Prediction → Get within an hour: d. Other predictions were left running; get them later with Prediction → Get: c. Other predictions have failed: a. Other trainings have failed: b. ${KEEP}`,
		);
	});
});
