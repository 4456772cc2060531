import { engine, unit, type Mutation } from './mutation';

/** A limit of docs/threats.md's table of time limits, made ten times as long. */
export interface TimeMutation extends Mutation {
	/** The first column of its row. */
	step: string;
}

/** In the order of the table; a row may have several. */
export const TIME_MUTATIONS: TimeMutation[] = [
	{
		step: 'reading the model, uploading files, waiting for Replicate’s rate limit',
		file: 'nodes/shared/models/models.ts',
		search: 'return { signal: this.signal, until: this.until };',
		replace: 'return { signal: this.signal };',
		test: engine('boundsTime', 'ends a model’s page that never comes, before anything is created'),
	},
	{
		step: 'the response to a create that was sent',
		file: 'nodes/shared/predictions/create.ts',
		search: 'const RESPONSE_MARGIN_MS = 10_000;',
		replace: 'const RESPONSE_MARGIN_MS = 100_000;',
		test: unit(
			'predictions/createTime',
			'is held no longer than what the item has left, after the account’s limit as well',
		),
	},
	{
		step: 'looking for a create whose response was lost',
		file: 'nodes/shared/predictions/lost.ts',
		search: 'const LOOKS_MS = [0, 1_000, 3_000, 6_000];',
		replace: 'const LOOKS_MS = [0, 1_000, 3_000, 60_000];',
		test: unit(
			'predictions/lost',
			'is looked for four times within ten seconds, where the list is late',
		),
	},
	{
		step: 'looking for a create whose response was lost',
		file: 'nodes/shared/predictions/lost.ts',
		search: 'const RIVALS_MS = 90_000;',
		replace: 'const RIVALS_MS = 900_000;',
		test: unit('predictions/lost', 'does not wait for them for longer than 90 s'),
	},
	{
		step: 'waiting for the end, with a last look',
		file: 'nodes/shared/predictions/wait.ts',
		search: 'const LAST_LOOK_MS = 5_000;',
		replace: 'const LAST_LOOK_MS = 50_000;',
		test: unit('timeLimits', '5 s more are taken for a last look at a prediction whose time is up'),
	},
	{
		step: 'a cancellation',
		file: 'nodes/shared/predictions/cancel.ts',
		search: 'const CANCEL_MS = 10_000;',
		replace: 'const CANCEL_MS = 100_000;',
		test: unit('predictions/cancel', 'is given up after 10 s, with one read that says what is so'),
	},
	{
		step: 'fetching output files and storing them',
		file: 'nodes/shared/api/timeLimit.ts',
		search: 'DOWNLOAD_MARGIN_MS = 30_000;',
		replace: 'DOWNLOAD_MARGIN_MS = 120_000;',
		test: engine(
			'boundsTime',
			'gives a file 30 s more, then names the prediction that is paid for, and its files',
		),
	},
	{
		step: 'removing uploads',
		file: 'nodes/shared/files/uploads.ts',
		search: 'const REMOVAL_MS = 10_000;',
		replace: 'const REMOVAL_MS = 100_000;',
		test: unit('timeLimits', '10 s are taken to remove uploads'),
	},
	{
		step: 'a read that no item waits for',
		file: 'nodes/shared/api/client.ts',
		search: 'const READ_MS = 120_000;',
		replace: 'const READ_MS = 1_200_000;',
		test: unit(
			'timeLimits',
			'120 s are taken by a read that no item waits for, all its tries together',
		),
	},
	{
		step: 'a read that no item waits for',
		file: 'nodes/jobs/callback/awaitedJobs.ts',
		search: 'const READ_MS = 20_000;',
		replace: 'const READ_MS = 200_000;',
		test: unit('timeLimits', '20 s are taken by each read for a callback'),
	},
	{
		step: 'a connection; a proxy’s consent to one',
		file: 'transports/undici/connections.ts',
		search: 'const CONNECT_TIMEOUT_MS = 10_000;',
		replace: 'const CONNECT_TIMEOUT_MS = 100_000;',
		test: unit('transports/silentProxy', 'is told as such after 10 s: nothing was sent'),
	},
];
