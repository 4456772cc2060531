import type { INodeProperties } from 'n8n-workflow';
import { limitFields, readLimit } from '../../../fields/limit';
import { simplify } from '../../../fields/output';
import type { Item, ItemResult } from '../../../host/item';
import { PREDICTION_SHAPE } from '../../../shared/api/shapes';
import { toJson } from '../../../shared/api/json';
import { readPages } from '../../../shared/api/pages';
import { simplified } from '../../../shared/predictions/simplify';
import { modelProperty, readModelName } from './modelName';

const show = { resource: ['model'], operation: ['getExamples'] };

export const description: INodeProperties[] = [
	modelProperty('getExamples'),
	...limitFields(show),
	simplify.at(show),
];

/** Lists the predictions that a model's owner shows as examples, with their inputs. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const name = readModelName(item);
	const path = `/models/${name}/examples`;
	const options = { what: `the model "${name}"`, signal: item.signal };
	const limit = readLimit(item);
	const examples = await readPages(item.client, path, PREDICTION_SHAPE, limit, options);
	const isSimple = simplify.read(item);
	return examples.map((example) => ({
		json: isSimple
			? { ...simplified(example, { files: [], binary: {} }), input: example.input ?? {} }
			: toJson(example),
	}));
}
