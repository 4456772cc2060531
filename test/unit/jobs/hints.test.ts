import { moneyHints } from '../../../nodes/jobs/ledger/hints';
import { Ledger } from '../../../nodes/jobs/ledger/ledger';
import type { Entry } from '../../../nodes/jobs/ledger/ledgerState';

const entry = (id: string | undefined, more: Partial<Entry>): Entry => ({
	key: `key of ${id}`,
	item: 0,
	execution: 'x',
	fingerprint: 'f',
	kind: 'prediction',
	state: 'created',
	from: 0,
	...(id === undefined ? {} : { id }),
	...more,
});
const hints = (entries: Entry[], results: object[] = [], reusedFiles = 0) =>
	moneyHints(
		new Ledger({ runIndex: 0, execution: 'x', owner: 'o', tries: 1, entries }),
		results.map((json) => ({ results: [{ json: json as never }] })),
		reusedFiles,
	);

describe('what the node’s output says of money', () => {
	it('is nothing where each item has a prediction of its own that has succeeded', () => {
		const entries = [entry('a', { state: 'ended', status: 'succeeded', outcome: 'collected' })];
		expect(hints(entries, [{ id: 'a' }])).toEqual([]);
	});

	it.each<[string, Entry[], string]>([
		[
			'lost',
			[entry(undefined, { state: 'unknown' }), entry(undefined, { state: 'unknown' })],
			'Not known whether it was created; look at replicate.com/predictions: 2 predictions.',
		],
		[
			'asked to be cancelled, and not confirmed',
			[entry('a', { outcome: 'cancelUnconfirmed' })],
			'Replicate did not confirm the cancellation, so it may still be running: 1 prediction: a.',
		],
		[
			'left running',
			[entry('a', { outcome: 'leftRunning' }), entry('b', { outcome: 'leftRunning' })],
			'Left running, and to be paid for; get the result with Prediction → Get: 2 predictions: a, b.',
		],
		[
			'cancelled',
			[entry('a', { state: 'ended', status: 'canceled', outcome: 'cancelled' })],
			'Cancelled, and billed for the time until then: 1 prediction: a.',
		],
	])('names what was %s', (_what, entries, words) => {
		expect(hints(entries)).toEqual([words]);
	});

	it('names ten of many', () => {
		const many = Array.from({ length: 12 }, (_, n) => entry(`p${n}`, { outcome: 'leftRunning' }));
		expect(hints(many)).toEqual([expect.stringMatching(/p8, p9 and 2 more\.$/)]);
	});

	it.each([
		[1, '1 file that Replicate still stores was not uploaded again.'],
		[3, '3 files that Replicate still stores were not uploaded again.'],
	])('says of %i files that they were reused', (count, words) => {
		expect(hints([], [{}], count)).toEqual([words]);
	});

	it('says of an example that nothing was paid', () => {
		expect(hints([], [{ example: true }, {}])).toEqual([
			expect.stringMatching(
				/^This is the example from the model’s page\. Nothing was created or paid\./,
			),
		]);
	});
});
