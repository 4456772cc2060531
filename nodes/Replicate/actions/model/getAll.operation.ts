import type { INodeProperties } from 'n8n-workflow';
import { choiceField } from '../../../fields/bounded';
import { option, optionsProperty } from '../../../fields/collection';
import { limitFields, readLimit } from '../../../fields/limit';
import { simplify } from '../../../fields/output';
import type { Item, ItemResult } from '../../../host/item';
import { MODEL_SHAPE } from '../../../shared/api/shapes';
import { toJson } from '../../../shared/api/json';
import { entriesOf } from '../../../shared/api/pages';
import { modelSummary } from '../../../shared/models/describe';

const show = { resource: ['model'], operation: ['getAll'] };

const sortBy = option(
	choiceField(
		{
			displayName: 'Sort By',
			name: 'sortBy',
			default: 'latest_version_created_at',
			description: 'The time by which models are sorted',
		},
		{ latest_version_created_at: 'Latest Version', model_created_at: 'Model Creation' },
	),
);

const sortDirection = option(
	choiceField(
		{ displayName: 'Sort Direction', name: 'sortDirection', default: 'desc' },
		{ desc: 'Newest First', asc: 'Oldest First' },
	),
);

export const description: INodeProperties[] = [
	...limitFields(show),
	simplify.at(show),
	optionsProperty([sortBy, sortDirection], show),
];

/** Lists public models. There are very many: to find one, search. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const query = { sort_by: sortBy.read(item), sort_direction: sortDirection.read(item) };
	const options = { query, signal: item.signal };
	const limit = readLimit(item);
	const isSimple = simplify.read(item);
	const results: ItemResult[] = [];
	// Summed up as they come: a model has its whole schema, and there are thousands of models.
	for await (const model of entriesOf(item.client, '/models', MODEL_SHAPE, options)) {
		results.push({ json: isSimple ? modelSummary(model) : toJson(model) });
		if (results.length >= limit) break;
	}
	return results;
}
