import { Ledger } from '../../../nodes/jobs/ledger/ledger';
import type { Entry, LedgerState } from '../../../nodes/jobs/ledger/ledgerState';

const beginning = { runIndex: 0, execution: 'first', owner: 'run1' };
const intention = { key: 'k', item: 0, fingerprint: 'f', kind: 'prediction' as const };

function begun(state: LedgerState = Ledger.begin(undefined, beginning)) {
	return { state, ledger: new Ledger(state) };
}

describe('the ledger', () => {
	it('counts the tries of one execution, and keeps its owner', () => {
		const { state } = begun();
		expect(state).toEqual({ format: 1, ...beginning, tries: 1, entries: [] });
		const again = Ledger.begin(state, { ...beginning, owner: 'run2' });
		expect(again).toBe(state);
		expect(again).toMatchObject({ tries: 2, owner: 'run1' });
		expect(new Ledger(again).tries).toBe(2);
	});

	it('is kept by a retry by hand, with tries and an owner of its own', () => {
		const { state, ledger } = begun();
		ledger.intend(intention).intended(5);
		Ledger.begin(state, beginning);
		const byHand = Ledger.begin(state, { runIndex: 0, execution: 'second', owner: 'run9' });
		expect(byHand).toMatchObject({ tries: 1, owner: 'run9', execution: 'second' });
		expect(byHand.entries).toHaveLength(1);
		expect(new Ledger(byHand).execution).toBe('second');
	});

	it('begins anew in the next round of a loop', () => {
		const { state, ledger } = begun();
		ledger.intend(intention).intended(5);
		const next = Ledger.begin(state, { ...beginning, runIndex: 1 });
		expect(next).toEqual({ format: 1, ...beginning, runIndex: 1, tries: 1, entries: [] });
	});

	it('writes down each step of a create', () => {
		const { ledger } = begun();
		const record = ledger.intend(intention);
		expect(record).toMatchObject({ key: 'k', owner: 'run1' });
		expect(ledger.entries).toEqual([]);
		record.intended(5);
		const entry = { ...intention, execution: 'first' };
		expect(ledger.entries).toEqual([{ ...entry, state: 'intended', from: 5 }]);
		record.intended(6);
		expect(ledger.entries).toEqual([{ ...entry, state: 'intended', from: 6 }]);
		record.lost(9, [{ id: 'a', status: 'starting' }]);
		expect(ledger.entries[0]).toMatchObject({ state: 'unknown', to: 9, possibleIds: ['a'] });
		record.is({ id: 'a', status: 'processing', created_at: 'then' });
		expect(ledger.entries[0]).toMatchObject({ state: 'created', id: 'a', createdAt: 'then' });
		record.is({ id: 'a', status: 'succeeded', completed_at: 'later' });
		expect(ledger.entries[0]).toMatchObject({
			state: 'ended',
			status: 'succeeded',
			createdAt: 'then',
			completedAt: 'later',
		});
		record.became('collected');
		expect(ledger.of(0)!.outcome).toBe('collected');
	});

	it('forgets what was refused, and only that', () => {
		const { ledger } = begun();
		const first = ledger.intend(intention);
		const other = ledger.intend({ ...intention, key: 'o', item: 1 });
		first.refused();
		first.intended(1);
		other.intended(2);
		first.refused();
		first.refused();
		expect(ledger.entries.map(({ key }) => key)).toEqual(['o']);
	});

	it('knows the last create of an item', () => {
		const { ledger } = begun();
		for (const key of ['one', 'two']) ledger.intend({ ...intention, key }).intended(1);
		ledger.intend({ ...intention, key: 'other', item: 1 }).intended(1);
		expect(ledger.of(0)!.key).toBe('two');
		expect(ledger.of(1)!.key).toBe('other');
		expect(ledger.of(2)).toBeUndefined();
	});

	it.each([
		['the same in the same execution', 'first', 'f', true],
		['another fingerprint in the same execution', 'first', 'g', true],
		['the same in a later execution', 'second', 'f', true],
		['another fingerprint in a later execution', 'second', 'g', false],
	])('takes up %s: %s', (_what, execution, fingerprint, isTaken) => {
		const { state, ledger } = begun();
		ledger.intend(intention).intended(1);
		const next = new Ledger(Ledger.begin(state, { ...beginning, execution }));
		expect(next.earlierFor(0, fingerprint) !== undefined).toBe(isTaken);
		expect(next.earlierFor(1, fingerprint)).toBeUndefined();
	});

	it('writes on in an entry that is taken up, without what became of it before', () => {
		const { ledger } = begun();
		const record = ledger.intend(intention);
		record.intended(1);
		record.became('leftForRetry');
		const entry = ledger.of(0) as Entry;
		const resumed = ledger.resume(entry);
		expect(entry).not.toHaveProperty('outcome');
		resumed.is({ id: 'a', status: 'succeeded' });
		expect(ledger.entries).toHaveLength(1);
		expect(ledger.of(0)).toMatchObject({ id: 'a', state: 'ended' });
	});
});
