import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import { shown } from '../../../shared/api/json';
import {
	DEFAULT_DATA_URI_MAX_BYTES,
	MAX_INLINE_BYTES,
	type Routing,
} from '../../../shared/files/route';
import {
	assertWebhookUrl,
	WEBHOOK_EVENTS,
	type WebhookEvent,
	type WebhookTarget,
} from '../../../shared/webhooks/address';
import type { NodeRun } from '../nodeRun';
import { DEFAULT_CONCURRENCY } from '../operation';
import { outputOptions } from './outputOptions';
import { versionOption } from './target';

/** Bounds that hold in the editor and for expressions alike. */
interface Bounds {
	least: number;
	most: number;
}

/** In s: Replicate's own limit of a run (docs, prediction lifecycle). */
const DEFAULT_TIMEOUT = 1_800;
/** In s: six hours. */
const DEFAULT_TRAINING_TIMEOUT = 21_600;
/** In s; the most is that of `Cancel-After` (docs, prediction lifecycle). */
const TIMEOUT: Bounds = { least: 1, most: 86_400 };
/** In bytes. */
const DATA_URI: Bounds = { least: 0, most: MAX_INLINE_BYTES };

export const timeoutOption: INodeProperties = {
	displayName: 'Timeout (Seconds)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: TIMEOUT.least, maxValue: TIMEOUT.most },
	default: DEFAULT_TIMEOUT,
	description: 'How long to wait for each prediction',
};

/** Trainings take from minutes to hours. */
export const trainingTimeoutOption: INodeProperties = {
	...timeoutOption,
	default: DEFAULT_TRAINING_TIMEOUT,
	description: 'How long to wait for each training',
};

export const concurrencyOption: INodeProperties = {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 100 },
	default: DEFAULT_CONCURRENCY,
	description: 'How many items are in work at the same time',
};

/** The options of a run, in the alphabet's order. */
export const runOptions: INodeProperties[] = [
	concurrencyOption,
	{
		displayName: 'Data URI Limit (Bytes)',
		name: 'dataUriMaxBytes',
		type: 'number',
		typeOptions: { minValue: DATA_URI.least, maxValue: DATA_URI.most },
		default: DEFAULT_DATA_URI_MAX_BYTES,
		description:
			'Files smaller than this travel inside the request. Larger ones are uploaded to Replicate first.',
	},
	{
		displayName: 'Delete Uploads',
		name: 'deleteUploads',
		type: 'boolean',
		default: false,
		description:
			'Whether to remove uploaded input files from Replicate once the prediction has ended. Otherwise they expire after 24 hours.',
	},
	...outputOptions,
	{
		displayName: 'Send Files As',
		name: 'fileRouting',
		type: 'options',
		options: [
			{
				name: 'Automatic',
				value: 'auto',
				description: 'Small files as data URI, larger ones as upload',
			},
			{
				name: 'Data URI',
				value: 'dataUri',
				description: 'Inside the request. For models that cannot read uploaded files; up to 10 MB.',
			},
			{
				name: 'Public URL',
				value: 'publicUrl',
				description:
					'Replicate fetches the file from your n8n, which must be reachable from the internet. For files over 100 MiB, and for models that cannot read uploaded files.',
			},
			{
				name: 'Upload',
				value: 'upload',
				description: 'Every file through Replicate’s Files API, up to 100 MiB each',
			},
		],
		default: 'auto',
		description: 'How binary files reach the model. URLs are always passed on as they are.',
	},
	timeoutOption,
	versionOption,
	{
		displayName: 'Webhook Events',
		name: 'webhookEvents',
		type: 'multiOptions',
		options: [
			{ name: 'Completed', value: 'completed', description: 'The prediction has ended' },
			{ name: 'Logs', value: 'logs', description: 'Its log has grown, at most twice a second' },
			{ name: 'Output', value: 'output', description: 'It has new output, at most twice a second' },
			{ name: 'Start', value: 'start', description: 'It has begun to run' },
		],
		default: ['completed'],
		description: 'What Replicate sends to the webhook URL',
		displayOptions: { hide: { '/waitFor': ['callback'] } },
	},
	{
		displayName: 'Webhook URL',
		name: 'webhookUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://n8n.example.com/webhook/…',
		description:
			'Where Replicate sends word of the prediction: the production URL of a Replicate Trigger in another workflow',
		displayOptions: { hide: { '/waitFor': ['callback'] } },
	},
	{
		displayName: 'When Time Is Up',
		name: 'onTimeout',
		type: 'options',
		options: [
			{ name: 'Cancel the Prediction', value: 'cancel' },
			{ name: 'Leave It Running', value: 'leave' },
		],
		default: 'cancel',
		description:
			'What happens to a prediction that is not finished in time. One that is left running can be read later with Prediction → Get.',
	},
];

/**
 * Where Replicate sends word of the item's prediction, if anywhere.
 *
 * @throws InputError for an address that Replicate cannot reach, or an event that it does not know
 */
export function readWebhook(run: NodeRun, itemIndex: number): WebhookTarget | undefined {
	const url = run.text('options.webhookUrl', itemIndex).trim();
	if (url === '') return undefined;
	assertWebhookUrl(url, run.client.baseUrl);
	const given = run.parameter<unknown>('options.webhookEvents', itemIndex, ['completed']);
	const events = Array.isArray(given) ? (given as WebhookEvent[]) : [];
	const unknown = events.find((event) => !WEBHOOK_EVENTS.includes(event));
	if (events.length > 0 && unknown === undefined) return { url, events };
	throw new ParameterError(
		`Options → Webhook Events must be a list of ${WEBHOOK_EVENTS.join(', ')}, and is ${shown(given)}`,
	);
}

/** The options of a training: those of a run, without what is about output files. */
export const trainingOptions: INodeProperties[] = runOptions
	.filter((option) => !outputOptions.includes(option))
	.map((option) => {
		if (option === timeoutOption) return trainingTimeoutOption;
		return option === versionOption ? { ...versionOption, displayOptions: undefined } : option;
	});

/** How long to wait for a prediction or a training, in s. */
export function readTimeout(run: NodeRun, itemIndex: number, option = timeoutOption): number {
	return readNumber(run, itemIndex, option, TIMEOUT);
}

/** How the item's files travel. */
export function readRouting(run: NodeRun, itemIndex: number): Routing {
	const limit = runOptions.find(({ name }) => name === 'dataUriMaxBytes')!;
	return {
		fileRouting: run.choice('options.fileRouting', itemIndex, [
			'auto',
			'upload',
			'dataUri',
			'publicUrl',
		]),
		dataUriMaxBytes: readNumber(run, itemIndex, limit, DATA_URI),
	};
}

/** @throws InputError when an expression gives something that is not a number within the bounds */
function readNumber(
	run: NodeRun,
	itemIndex: number,
	{ name, displayName, default: usual }: INodeProperties,
	{ least, most }: Bounds,
): number {
	const value = run.parameter<unknown>(`options.${name}`, itemIndex, usual);
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number === 'number' && number >= least && number <= most) return number;
	throw new ParameterError(
		`Options → ${displayName} must be a number from ${least} to ${most}, and is ${shown(value)}`,
	);
}
