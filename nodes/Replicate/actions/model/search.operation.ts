import type { INodeProperties } from 'n8n-workflow';
import { textField } from '../../../fields/field';
import { limit } from '../../../fields/limit';
import { simplify } from '../../../fields/output';
import type { Item, ItemResult } from '../../../host/item';
import { ParameterError } from '../../../fields/parameterError';
import { toJson } from '../../../shared/api/json';
import { searchModels } from '../../../shared/models/catalog';
import { modelSummary } from '../../../shared/models/describe';

const show = { resource: ['model'], operation: ['search'] };

const query = textField({
	displayName: 'Query',
	name: 'query',
	required: true,
	placeholder: 'e.g. upscale photos',
	description: 'What the model should do, or a part of its name',
});

export const description: INodeProperties[] = [
	query.at(show),
	limit.with({ hint: 'Replicate returns 50 at most' }).at(show),
	simplify.at(show),
];

/** Finds models by words, the best first. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const words = query.read(item).trim();
	if (words === '') {
		throw new ParameterError(
			'No query was given',
			'Write what the model should do, for example: upscale',
		);
	}
	const models = await searchModels(item.client, words, limit.read(item), item.signal);
	const isSimple = simplify.read(item);
	return models.map((model) => ({ json: isSimple ? modelSummary(model) : toJson(model) }));
}
