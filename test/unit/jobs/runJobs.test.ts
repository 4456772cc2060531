import { Claims } from '../../../nodes/shared/predictions/claims';
import { keptLedger } from '../../../nodes/jobs/ledger/ledgerState';
import { FakeN8n } from './fakeN8n';

jest.mock('../../../transports/edition', () => ({
	openTransport: (helpers: { transport: unknown }) => helpers.transport,
}));

describe('the jobs of a run of the node', () => {
	it('has one ledger for all its items, which n8n keeps', async () => {
		const n8n = new FakeN8n();
		const jobs = await n8n.run([{}]);
		expect(jobs.ledger).toBe(jobs.ledger);
		expect(keptLedger(n8n.memory)!.entries).toEqual(jobs.ledger.entries);
		expect(jobs.ledger.execution).toBe(n8n.executionId);
	});

	it.each([
		['it does not retry', {}, 0],
		['it is to retry, and nothing says how often', { retryOnFail: true }, 2],
		['n8n’s form has left 0', { retryOnFail: true, maxTries: 0 }, 2],
		['fewer than n8n takes', { retryOnFail: true, maxTries: 1 }, 1],
		['as often as is set', { retryOnFail: true, maxTries: 4 }, 3],
		['more than n8n takes', { retryOnFail: true, maxTries: 9 }, 4],
		['a number without the switch', { maxTries: 4 }, 0],
	])('is tried again: %s', async (_what, settings, retries) => {
		const n8n = new FakeN8n();
		Object.assign(n8n.node, settings);
		const willRetry = async () => (await n8n.run([])).willRetry;
		for (let retry = 0; retry < retries; retry++) expect(await willRetry()).toBe(true);
		expect(await willRetry()).toBe(false);
	});

	it('goes on with the ledger of its earlier try, and claims what that has created', async () => {
		const n8n = new FakeN8n();
		await n8n.run([{ id: 'of an earlier try' }, { id: undefined }]);
		const jobs = await n8n.run([]);
		expect(jobs.ledger.tries).toBe(2);
		expect(jobs.ledger.entries.map(({ id }) => id)).toEqual(['of an earlier try', undefined]);
		expect(Claims.ofProcess.has('of an earlier try')).toBe(true);
		expect(Claims.ofProcess.has(undefined as never)).toBe(false);
	});

	it('write nothing into n8n’s memory while nothing is created', async () => {
		const n8n = new FakeN8n();
		await n8n.run([]);
		expect(n8n.memory).toEqual({});
	});

	it('begins a new one where n8n has kept none', () => {
		expect(keptLedger(undefined)).toBeUndefined();
		expect(keptLedger({})).toBeUndefined();
	});
});
