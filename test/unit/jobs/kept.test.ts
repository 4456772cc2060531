import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { receiveCallback } from '../../../nodes/jobs/receiveCallback';
import { readSuspension } from '../../../nodes/jobs/callback/suspension';
import { finishRun } from '../../../nodes/jobs/finishRun';
import { ReplicateError } from '../../../nodes/shared/api/errors';
import { keptLedger } from '../../../nodes/jobs/ledger/ledgerState';
import type { JobSettings } from '../../../nodes/jobs/input/settings';
import { Job } from '../../../nodes/jobs/job';
import { FakeN8n } from './fakeN8n';
import { COURSES, fileOf, keepStates, STATES_FOLDER, TARGET, type KeptState } from './keptStates';

jest.mock('../../../transports/edition', () => ({
	openTransport: (helpers: { transport: unknown }) => helpers.transport,
}));

/** What n8n has kept of a node, one file of each format: as the code of its time wrote it. */
const folder = join(__dirname, 'kept');
const formats = readdirSync(folder).filter((name) => name.endsWith('.json'));
const states = readdirSync(STATES_FOLDER);
const keptIn = (file: string) =>
	JSON.parse(readFileSync(join(folder, file), 'utf8')) as IDataObject & { suspended: string };
const unreadable: Array<[string, (kept: IDataObject) => void]> = [
	['of a later format', (kept) => (kept.format = 2)],
	['without its owner', (kept) => delete kept.owner],
	['with an entry of an unknown kind', (kept) => (entryOf(kept).kind = 'finetune')],
	['with an entry of an unknown state', (kept) => (entryOf(kept).state = 'paused')],
	['with a created entry that has no id', (kept) => delete entryOf(kept).id],
	['with a list in the place of its entries', (kept) => (kept.entries = ['p0'])],
];
const entryOf = ({ entries }: IDataObject) => (entries as IDataObject[])[0]!;

describe('what an earlier version of the package has kept', () => {
	/** n8n as it has kept this of a node whose predictions still run. */
	const begin = (kept: IDataObject) => {
		const n8n = new FakeN8n(3);
		Object.assign(n8n.memory, kept);
		for (const [index, input] of n8n.inputs.entries()) input.json.predictionId = `p${index}`;
		for (const id of ['p0', 'p1', 'p2']) n8n.account.add(id);
		return n8n;
	};
	const call = async (n8n: FakeN8n, id: string) => {
		n8n.account.end(id);
		const { context } = n8n.webhook(n8n.account.callback(id));
		return (await receiveCallback.call(context)).workflowData?.[0];
	};

	it('is there for each format', () => {
		expect(formats.sort()).toEqual(['format-1.json', 'without-format.json']);
	});

	it.each(formats)('resumes: a suspension as in %s', async (file) => {
		const n8n = begin(keptIn(file));
		expect(await call(n8n, 'p0')).toBeUndefined();
		const items = await call(n8n, 'p1');
		expect(items!.map(({ json }) => json.output)).toEqual(['of p0', 'of p1', 'of p2']);
		expect(n8n.account.requests).toContain('DELETE /files/file0');
	});

	it.each(formats)('is gone on with: a ledger as in %s', async (file) => {
		const kept = keptIn(file);
		const n8n = begin(kept);
		Object.assign(n8n, { executionId: (kept.ledger as IDataObject).execution });
		const jobs = await n8n.run([]);
		expect(jobs.ledger.tries).toBe(2);
		expect(jobs.ledger.ids).toEqual(['p0', 'p1', 'p2']);
		expect(keptLedger(n8n.memory)).toMatchObject({ format: 1 });
	});

	it('is there for each state of a create, as this version writes it', async () => {
		if (process.env.KEEP_STATES) await keepStates();
		for (const name of Object.keys(COURSES)) {
			expect(states).toContain(basename(fileOf(name)));
		}
	});

	it.each(states)('comes to a true end: %s', async (file) => {
		const text = readFileSync(join(STATES_FOLDER, file), 'utf8');
		const { memory, predictions, end } = JSON.parse(text) as KeptState;
		const n8n = new FakeN8n(1);
		const { execution } = memory.ledger as { execution: string };
		Object.assign(n8n.memory, memory);
		Object.assign(n8n, { executionId: execution });
		for (const { id, ...more } of predictions) n8n.account.add(id, more);
		const jobs = await n8n.run([]);
		const plan = { model: TARGET, input: {}, files: [], fingerprint: '' };
		const settings = { waitFor: 'result', onTimeout: 'leave', deleteUploads: false } as JobSettings;
		const terms = {
			deadline: Infinity,
			onTimeout: 'leave' as const,
			onStop: () => 'leave' as const,
		};
		const resumed = await Job.obtain(jobs, { ...plan, settings }, terms, {
			earlier: jobs.ledger.of(0),
			place: { item: 0 },
			isStreamed: false,
			permit: async () => await Promise.reject(new Error('new')),
		}).catch((error: Error) => error);
		const ids = predictions.map(({ id }) => id);
		const came =
			resumed instanceof ReplicateError
				? resumed.code
				: resumed instanceof Error
					? resumed.message
					: `${resumed.prediction.id} ${resumed.prediction.status}`;
		expect(came).toBe(end);
		// What it may have been is named, and nothing was created or cancelled by looking.
		if (end === 'createUnknown') expect(resumed).toMatchObject({ facts: { ids } });
		expect(n8n.account.requests.filter((request) => !request.startsWith('GET'))).toEqual([]);
	});

	it.each(unreadable)(
		'is refused before anything is created: a ledger %s',
		async (_what, spoil) => {
			const kept = keptIn('format-1.json');
			spoil(kept.ledger as IDataObject);
			const n8n = begin(kept);
			const jobs = await n8n.run([]);
			expect(() => jobs.ledger).toThrow(
				/^The last try of this node was made by another version of this package/,
			);
			expect(await finishRun(jobs, { outcomes: [{ error: new Error() }] })).toEqual({});
			expect(n8n.account.requests).toEqual([]);
		},
	);

	it.each(unreadable)('goes on with the ids: a suspension %s', async (_what, spoil) => {
		const kept = keptIn('format-1.json');
		const suspended = JSON.parse(kept.suspended) as { ledger: IDataObject };
		spoil(suspended.ledger);
		const n8n = begin({ suspended: JSON.stringify(suspended) });
		const items = await call(n8n, 'p1');
		const predictionError = expect.stringMatching(
			/^The execution was suspended by another version of this package.* Prediction → Get/,
		) as string;
		expect(items!.map(({ json }) => json)).toEqual(
			['p0', 'p1', 'p2'].map((predictionId, row) => ({ row, predictionId, predictionError })),
		);
		n8n.account.add('of another node');
		expect(await call(n8n, 'of another node')).toBeUndefined();
	});

	it('is unknown where it is no suspension at all', () => {
		expect(readSuspension('{')).toHaveProperty('unknown');
		expect(readSuspension('{"format":7}')).toMatchObject({
			unknown: expect.stringContaining('(format 7)') as string,
		});
		expect(readSuspension(undefined)).toBeUndefined();
	});
});
