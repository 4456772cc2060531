import { KnownExecutions } from '../../nodes/jobs/callback/awaitedJobs';
import type { CreatedEntry } from '../../nodes/jobs/ledger/ledgerState';
import { now } from '../../nodes/shared/api/clock';
import { ReplicateClient } from '../../nodes/shared/api/client';
import { errorFromNetwork } from '../../nodes/shared/api/networkError';
import { OBJECT_SHAPE } from '../../nodes/shared/api/shape';
import type { Prediction } from '../../nodes/shared/api/shapes';
import type { Transport } from '../../nodes/shared/api/transport';
import { deleteUploads } from '../../nodes/shared/files/uploads';
import { PREDICTION } from '../../nodes/shared/models/jobKind';
import { waitForEnd } from '../../nodes/shared/predictions/wait';
import { responding } from './predictions/fakeApi';

/** How long steps take at most that no item's time limit ends; see docs/threats.md. */
describe('at most', () => {
	let clock = 0;
	beforeEach(() => {
		clock = 0;
		jest.spyOn(performance, 'now').mockImplementation(() => clock);
	});
	afterEach(() => jest.restoreAllMocks());

	it('5 s more are taken for a last look at a prediction whose time is up', async () => {
		const done: Prediction = { id: 'abc', status: 'succeeded' };
		const { api } = responding(done);
		const leftMs: number[] = [];
		const read: typeof api.read = async (_kind, _id, { until = Infinity } = {}) => {
			leftMs.push(until - api.now());
			return await Promise.resolve(done);
		};
		const job = {
			...{ api: { ...api, read }, kind: PREDICTION, deadline: api.now() + 100 },
			...{ onTimeout: 'cancel' as const, onStop: () => 'cancel' as const },
		};
		await waitForEnd(job, { id: 'abc', status: 'processing' });
		expect(leftMs).toEqual([5_000]);
	});

	it('10 s are taken to remove uploads', async () => {
		const leftMs: number[] = [];
		const client = {
			delete: async (_path: string, { until }: { until: number }) => {
				leftMs.push(until - now());
				await Promise.resolve();
			},
		};
		await deleteUploads(client as unknown as ReplicateClient, ['a']);
		expect(leftMs).toEqual([10_000]);
	});

	it('20 s are taken by each read for a callback', async () => {
		const { api } = responding({ id: 'abc', status: 'processing' });
		const leftMs: number[] = [];
		const noted = (limits?: { until?: number }) => leftMs.push((limits?.until ?? Infinity) - now());
		const timed: typeof api = {
			...api,
			read: async (kind, id, limits) => {
				noted(limits);
				return await api.read(kind, id, limits);
			},
			list: async (_kind, _from, _to, limits) => {
				noted(limits);
				return await Promise.resolve([]);
			},
		};
		const entry = { key: 'k', execution: 'e', item: 0, fingerprint: '', kind: 'prediction' };
		const entries = Array.from({ length: 20 }, (_, n) => ({
			...{ ...entry, state: 'created' as const, from: n, id: `p${n}` },
		})) as CreatedEntry[];
		await new KnownExecutions().of('e').readAll(timed, entries);
		expect(leftMs.length).toBeGreaterThan(1);
		expect(new Set(leftMs)).toEqual(new Set([20_000]));
	});

	it('120 s are taken by a read that no item waits for, all its tries together', async () => {
		const sentAt: number[] = [];
		const transport = {
			send: async () => {
				sentAt.push(clock);
				clock += 50_000;
				await Promise.resolve();
				throw errorFromNetwork('https://a.example', 'ECONNRESET', true);
			},
		};
		const credential = { apiToken: 'x', baseUrl: 'https://a.example/v1' };
		const client = new ReplicateClient(credential, transport as unknown as Transport);
		await expect(client.get('/account', { shape: OBJECT_SHAPE })).rejects.toThrow();
		expect(sentAt).toEqual([0, 50_000, 100_000]);
	});
});
