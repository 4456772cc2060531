import { FakeN8n } from './fakeN8n';

jest.mock('../../../transports/edition', () => ({
	openTransport: (helpers: { transport: unknown }) => helpers.transport,
}));

/** When the predictions of these tests were created, in ms. */
const CREATED = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;

describe('results that would expire before the run is suspended', () => {
	let minutes = 0;
	beforeEach(() => {
		minutes = 0;
		const now = () => CREATED + minutes * MINUTE;
		jest.spyOn(Date, 'now').mockImplementation(now);
		jest.spyOn(performance, 'now').mockImplementation(() => now() - performance.timeOrigin);
	});
	afterEach(() => jest.restoreAllMocks());

	/** A run whose predictions were created at these minutes. */
	const begin = async (createdAt = [0, 5, 15], kind: 'prediction' | 'training' = 'prediction') => {
		const n8n = new FakeN8n(createdAt.length);
		const entries = createdAt.map((at) => ({
			kind,
			createdAt: new Date(CREATED + at * MINUTE).toISOString(),
			from: CREATED + at * MINUTE,
		}));
		for (const [index, entry] of entries.entries()) {
			n8n.account.add(`p${index}`, { created_at: entry.createdAt });
		}
		const awaited = Object.fromEntries(createdAt.map((_, index) => [index, {}]));
		const jobs = await n8n.run(entries, awaited);
		const { account } = n8n;
		// The server's clock is read with any response.
		await jobs.client.clockOffset();
		account.requests.length = 0;
		return { n8n, account, jobs, early: jobs.early };
	};
	const asked = ({ requests }: { requests: string[] }) => requests.splice(0);

	it('are looked for 20 minutes after the first create, those older than 10', async () => {
		const { account, early, jobs, n8n } = await begin();
		minutes = 19.9;
		await early.afterCreate();
		expect(asked(account)).toEqual([]);
		account.end('p0');
		minutes = 20;
		await early.afterCreate();
		expect(asked(account)).toEqual(['GET /predictions']);
		expect(early.of('p0')).toMatchObject({
			result: { json: expect.objectContaining({ id: 'p0' }) },
		});
		expect([early.of('p1'), early.of('p2')]).toEqual([undefined, undefined]);
		expect(jobs.ledger.of(0)).toMatchObject({ state: 'ended', status: 'succeeded' });
		expect(early.open.map(({ id }) => id)).toEqual(['p1', 'p2']);
		early.clear();
		expect(n8n.memory.early).toBeUndefined();
	});

	it('count from when they were last seen running', async () => {
		const { account, early } = await begin([0]);
		minutes = 20;
		await early.afterCreate();
		expect(asked(account)).toEqual(['GET /predictions/p0']);
		expect(early.expiresIn).toBe(60 * MINUTE);
		minutes = 39;
		await early.afterCreate();
		expect(asked(account)).toEqual([]);
		minutes = 40;
		await early.afterCreate();
		expect(asked(account)).toEqual(['GET /predictions/p0']);
	});

	it('are in the order of their creation, and only of what is awaited', async () => {
		const { early, jobs } = await begin([15, 0, 5]);
		expect(early.open.map(({ id }) => id)).toEqual(['p1', 'p2', 'p0']);
		jobs.awaited.delete(1);
		delete jobs.ledger.of(2)!.id;
		expect(early.open.map(({ id }) => id)).toEqual(['p0']);
	});

	it('say when the first could expire', async () => {
		const { early, jobs } = await begin([5, 0]);
		minutes = 10;
		expect(early.expiresIn).toBe(50 * MINUTE);
		delete jobs.ledger.of(1)!.createdAt;
		expect(early.expiresIn).toBe(55 * MINUTE);
		jobs.awaited.clear();
		expect(early.expiresIn).toBe(Infinity);
	});

	it('of trainings do not expire', async () => {
		const { account, early } = await begin([0, 0], 'training');
		minutes = 60 * 24;
		await early.afterCreate();
		expect(asked(account)).toEqual([]);
		expect(early.expiresIn).toBe(Infinity);
	});

	it('are looked for once at a time, and again after a failure', async () => {
		const { account, early } = await begin([0]);
		account.failures.set('GET /predictions/p0', 403);
		minutes = 20;
		await Promise.all([early.afterCreate(), early.afterCreate()]);
		expect(asked(account)).toEqual(['GET /predictions/p0']);
		account.failures.clear();
		account.end('p0');
		await early.afterCreate();
		expect(asked(account)).toEqual(['GET /predictions/p0']);
		expect(early.of('p0')).toBeDefined();
	});

	it('are not looked for by a second create while the first looks', async () => {
		const { account, early } = await begin([0]);
		let isOpen!: () => void;
		account.onRequest = async () => await new Promise<void>((resolve) => (isOpen = resolve));
		minutes = 20;
		const first = early.afterCreate();
		while (account.requests.length === 0) await Promise.resolve();
		minutes = 41;
		await early.afterCreate();
		expect(account.requests).toHaveLength(1);
		isOpen();
		await first;
	});

	it('are all fetched before the suspension where all have ended', async () => {
		const { account, early } = await begin([0, 0]);
		account.end('p0');
		account.end('p1', { status: 'failed', error: 'no', output: null });
		await early.beforeSuspension();
		expect(early.open).toEqual([]);
		expect(early.of('p1')).toEqual({
			error: expect.objectContaining({ error: expect.anything() }),
		});
	});

	it('are fetched before the suspension where they are old, while others run', async () => {
		const { account, early } = await begin([0, 0, 1]);
		account.end('p0');
		account.end('p1');
		minutes = 10;
		await early.beforeSuspension();
		expect(early.open.map(({ id }) => id)).toEqual(['p2']);
	});

	it('stay with Replicate while they are young and others run', async () => {
		const { account, early } = await begin([0, 0]);
		account.end('p0');
		minutes = 9.9;
		await early.beforeSuspension();
		expect(early.open).toHaveLength(2);
	});

	it('do not fail the run where Replicate cannot be read', async () => {
		const { account, early } = await begin([0]);
		account.failures.set('GET /predictions/p0', 403);
		await early.beforeSuspension();
		expect(early.open).toHaveLength(1);
	});

	it('are not kept when the workflow is stopped meanwhile', async () => {
		const { n8n, account, early } = await begin([0]);
		account.end('p0');
		account.onRequest = () => n8n.controller.abort();
		await early.beforeSuspension();
		expect(early.of('p0')).toBeUndefined();
	});
});
