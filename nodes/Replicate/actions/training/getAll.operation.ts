import type { INodeProperties } from 'n8n-workflow';
import { limitFields, readLimit } from '../../../fields/limit';
import { simplify } from '../../../fields/output';
import type { Item, ItemResult } from '../../../host/item';
import { PREDICTION_SHAPE } from '../../../shared/api/shapes';
import { readPages } from '../../../shared/api/pages';
import { trainingJson } from './training';

const show = { resource: ['training'], operation: ['getAll'] };

export const description: INodeProperties[] = [...limitFields(show), simplify.at(show)];

/** Lists the account's trainings, newest first. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const { client, signal } = item;
	const limit = readLimit(item);
	const trainings = await readPages(client, '/trainings', PREDICTION_SHAPE, limit, { signal });
	const isSimple = simplify.read(item);
	return trainings.map((training) => ({ json: trainingJson(training, isSimple) }));
}
