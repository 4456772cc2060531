import type { INodeProperties } from 'n8n-workflow';
import { PREDICTION_SHAPE } from '../../../shared/api/shapes';
import { ParameterError } from '../../../fields/parameterError';
import { shown, toJson } from '../../../shared/api/json';
import { readPages } from '../../../shared/api/pages';
import { simplified } from '../../../shared/predictions/simplify';
import { limitFields, readLimit } from '../limit';
import { textOf, type NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { simplifyField } from '../simplifyField';

const show = { resource: ['prediction'], operation: ['getAll'] };

export const description: INodeProperties[] = [
	...limitFields(show),
	simplifyField(show),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{
				displayName: 'Created After',
				name: 'createdAfter',
				type: 'dateTime',
				default: '',
				description: 'Predictions created at this time or later',
			},
			{
				displayName: 'Created Before',
				name: 'createdBefore',
				type: 'dateTime',
				default: '',
				description: 'Predictions created earlier than this time',
			},
			{
				displayName: 'Model',
				name: 'model',
				type: 'string',
				default: '',
				placeholder: 'e.g. black-forest-labs/flux-schnell',
			},
			{
				displayName: 'Source',
				name: 'source',
				type: 'options',
				options: [
					{ name: 'API and Website', value: '' },
					{ name: 'Website', value: 'web', description: 'Of the last 14 days' },
				],
				default: '',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'multiOptions',
				options: [
					{ name: 'Aborted', value: 'aborted' },
					{ name: 'Canceled', value: 'canceled' },
					{ name: 'Failed', value: 'failed' },
					{ name: 'Processing', value: 'processing' },
					{ name: 'Starting', value: 'starting' },
					{ name: 'Succeeded', value: 'succeeded' },
				],
				default: [],
			},
		],
		displayOptions: { show },
	},
];

/** Lists the account's predictions, newest first. The API knows no filter by model or status. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const filter = (name: string) => run.text(`filters.${name}`, itemIndex).trim();
	const model = filter('model');
	const given = run.parameter<unknown>('filters.status', itemIndex, []);
	const statuses = (Array.isArray(given) ? given : [given]).map(textOf).filter(Boolean);
	const predictions = await readPages(
		run.client,
		'/predictions',
		PREDICTION_SHAPE,
		readLimit(run, itemIndex),
		{
			query: {
				created_after: isoTime('Created After', filter('createdAfter')),
				created_before: isoTime('Created Before', filter('createdBefore')),
				source: filter('source') || undefined,
			},
			signal: run.signal,
		},
		(prediction) =>
			(model === '' || prediction.model === model) &&
			(statuses.length === 0 || statuses.includes(prediction.status)),
	);
	const isSimple = run.flag('simplify', itemIndex, true);
	return predictions.map((prediction) => ({
		json: isSimple ? simplified(prediction, { files: [], binary: {} }) : toJson(prediction),
	}));
}

/** @throws InputError for a text that is no time */
function isoTime(name: string, value: string): string | undefined {
	if (value === '') return undefined;
	// An expression's time comes as JSON, in quotes.
	const time = new Date(value.replaceAll('"', ''));
	if (!Number.isNaN(time.getTime())) return time.toISOString();
	throw new ParameterError(
		`Filters → ${name} must be a time, and is ${shown(value)}`,
		'Write it like 2026-01-31T12:00:00Z.',
	);
}
