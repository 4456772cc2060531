import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import { PREDICTION } from '../../../nodes/shared/models/jobKind';
import { inputDigest } from '../../../nodes/shared/predictions/find';
import type { JobRecord } from '../../../nodes/shared/predictions/record';
import { FORMAT } from '../../../nodes/jobs/ledger/ledgerState';
import { FakeN8n } from './fakeN8n';

/** Where a node's kept data is, one file for each state of its only create. */
export const STATES_FOLDER = join(__dirname, 'kept', 'states');
export const TARGET = { kind: PREDICTION, version: 'acme/words', name: 'acme/words' };
const INPUT = { prompt: 'a fox' };

/** What n8n has kept of a node, what the account has when it is tried again, and what must come of it. */
export interface KeptState {
	memory: IDataObject;
	predictions: Prediction[];
	/** The prediction that is taken up, with its status at the end; a new one; or an error's code. */
	end: string;
}

/** How a create comes to its state, and how it goes on. */
interface Course {
	reach(record: JobRecord): void;
	/** What has become of it when the node is tried again. */
	later?: Partial<Prediction>;
	end: string;
}

const AT = Date.parse('2026-11-30T12:00:00Z');
const seen = (status: string): Prediction => ({
	id: 'p0',
	status,
	model: 'acme/words',
	input: INPUT,
	created_at: new Date(AT + 100).toISOString(),
});
const succeeded = { status: 'succeeded', output: 'a fox' };

/** Each state in which a try can end, or be cut off. */
export const COURSES: Record<string, Course> = {
	'intended, and never arrived': { reach: () => undefined, end: 'createUnknown' },
	'intended, and arrived': {
		reach: () => undefined,
		later: succeeded,
		end: 'createUnknown',
	},
	'lost, and never arrived': { reach: (one) => one.lost(AT + 500, []), end: 'new' },
	'lost, and arrived': {
		reach: (one) => one.lost(AT + 500, [seen('starting')]),
		later: succeeded,
		end: 'createUnknown',
	},
	running: {
		reach: (one) => one.is(seen('processing')),
		later: succeeded,
		end: 'p0 succeeded',
	},
	'left for the next try': {
		reach(one) {
			one.is(seen('starting'));
			one.became('leftForRetry');
		},
		later: succeeded,
		end: 'p0 succeeded',
	},
	'left running at its time limit': {
		reach(one) {
			one.is(seen('processing'));
			one.became('leftRunning');
		},
		end: 'p0 processing',
	},
	'cancelled without a confirmation': {
		reach(one) {
			one.is(seen('processing'));
			one.became('cancelUnconfirmed');
		},
		later: { status: 'canceled' },
		end: 'new',
	},
	cancelled: {
		reach(one) {
			one.is(seen('canceled'));
			one.became('cancelled');
		},
		end: 'new',
	},
	failed: { reach: (one) => one.is(seen('failed')), end: 'new' },
	'succeeded, and not collected': {
		reach: (one) => one.is(seen('succeeded')),
		later: succeeded,
		end: 'p0 succeeded',
	},
	collected: {
		reach(one) {
			one.is(seen('succeeded'));
			one.became('collected');
		},
		later: succeeded,
		end: 'p0 succeeded',
	},
	'collected, and removed since': {
		reach(one) {
			one.is(seen('succeeded'));
			one.became('collected');
		},
		later: { status: 'succeeded', output: null, data_removed: true },
		end: 'new',
	},
	'handed over': {
		reach(one) {
			one.is(seen('starting'));
			one.became('handedOver');
		},
		later: succeeded,
		end: 'p0 succeeded',
	},
};

export function fileOf(name: string): string {
	return join(STATES_FOLDER, `format-${FORMAT}-${name.replaceAll(/\W+/g, '-')}.json`);
}

/** Writes the files of this version: `KEEP_STATES=1 npx jest kept`. Those of earlier versions stay. */
export async function keepStates(): Promise<void> {
	for (const [at, [name, { reach, later, end }]] of Object.entries(COURSES).entries()) {
		const n8n = new FakeN8n(1);
		const { ledger } = await n8n.run([]);
		const record = ledger.intend({
			key: 'key 0',
			item: 0,
			fingerprint: 'f',
			kind: 'prediction',
			inputDigest: inputDigest(INPUT),
			uploadIds: ['file0'],
		});
		record.intended(AT);
		reach(record);
		const wasSeen = ledger.of(0)?.id !== undefined || later !== undefined;
		const kept: KeptState = {
			memory: n8n.memory,
			predictions: wasSeen ? [{ ...seen(ledger.of(0)?.status ?? 'starting'), ...later }] : [],
			end,
		};
		// An ID of its own: what one ledger has is nobody else's.
		const text = JSON.stringify(kept, null, '\t').replaceAll('p0', `kept${at}`);
		writeFileSync(fileOf(name), `${text}\n`);
	}
}
