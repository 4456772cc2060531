import type { INodeProperties } from 'n8n-workflow';
import { choiceField, choicesField } from '../../../fields/bounded';
import { collectionProperty, type Collection } from '../../../fields/collection';
import { textField } from '../../../fields/field';
import { limitFields, readLimit } from '../../../fields/limit';
import { simplify } from '../../../fields/output';
import { timeField } from '../../../fields/time';
import type { Item, ItemResult } from '../../../host/item';
import { PREDICTION_SHAPE } from '../../../shared/api/shapes';
import { toJson } from '../../../shared/api/json';
import { readPages } from '../../../shared/api/pages';
import type { Prediction } from '../../../shared/api/shapes';
import { simplified } from '../../../shared/predictions/simplify';

const show = { resource: ['prediction'], operation: ['getAll'] };
const FILTERS: Collection = { name: 'filters', label: 'Filters', placeholder: 'Add filter' };

const createdAfter = timeField({
	displayName: 'Created After',
	name: 'createdAfter',
	description: 'Predictions created at this time or later',
}).within(FILTERS.name, FILTERS.label);

const createdBefore = timeField({
	displayName: 'Created Before',
	name: 'createdBefore',
	description: 'Predictions created earlier than this time',
}).within(FILTERS.name, FILTERS.label);

const model = textField({
	displayName: 'Model',
	name: 'model',
	placeholder: 'e.g. black-forest-labs/flux-schnell',
}).within(FILTERS.name, FILTERS.label);

const source = choiceField(
	{ displayName: 'Source', name: 'source', default: '' },
	{
		'': 'API and Website',
		web: { name: 'Website', description: 'Predictions of the last 14 days' },
	},
).within(FILTERS.name, FILTERS.label);

const status = choicesField(
	{ displayName: 'Status', name: 'status', default: [] },
	{
		succeeded: 'Succeeded',
		failed: 'Failed',
		canceled: 'Cancelled',
		aborted: 'Aborted',
		starting: 'Starting',
		processing: 'Processing',
	},
).within(FILTERS.name, FILTERS.label);

export const description: INodeProperties[] = [
	...limitFields(show),
	simplify.at(show),
	collectionProperty(FILTERS, [status, model, createdAfter, createdBefore, source], show),
];

/** Lists the account's predictions, newest first. The API has no filter by model or status. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const query = {
		created_after: createdAfter.read(item),
		created_before: createdBefore.read(item),
		source: source.read(item) || undefined,
	};
	const wantedModel = model.read(item).trim();
	const statuses: string[] = status.read(item);
	const isWanted = (one: Prediction) =>
		(wantedModel === '' || one.model === wantedModel) &&
		(statuses.length === 0 || statuses.includes(one.status));
	const predictions = await readPages(
		item.client,
		'/predictions',
		PREDICTION_SHAPE,
		readLimit(item),
		{ query, signal: item.signal },
		isWanted,
	);
	const removed = predictions.filter(({ data_removed: isRemoved }) => isRemoved).length;
	if (removed > 0) item.warn([removedWords(removed)]);
	const isSimple = simplify.read(item);
	return predictions.map((prediction) => ({
		json: isSimple ? simplified(prediction, { files: [], binary: {} }) : toJson(prediction),
	}));
}

function removedWords(count: number): string {
	const which =
		count === 1
			? 'One prediction no longer has its output, and its item says'
			: `${count} predictions no longer have their output, and their items say`;
	return `${which} dataRemoved (data_removed where Simplify is off): Replicate removes it an hour after the end.`;
}
