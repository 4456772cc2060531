import type { INodeProperties } from 'n8n-workflow';
import { optionsProperty } from '../../../fields/collection';
import { outputOptions } from '../../../fields/output';
import { concurrency, timeout, waitUntilFinished } from '../../../fields/waiting';
import type { Item, ItemResult } from '../../../host/item';
import { endOf, readById } from '../../../jobs/byId';
import { predictionItems } from '../../../jobs/output/outputItems';
import { outputProperties, readOutputSettings } from '../../../jobs/input/outputSettings';
import { PREDICTION } from '../../../shared/models/jobKind';
import { assertNotRemoved } from '../../../shared/predictions/status';
import { predictionId } from './predictionId';

const show = { resource: ['prediction'], operation: ['get'] };

export const description: INodeProperties[] = [
	predictionId.at(show),
	waitUntilFinished.at(show),
	...outputProperties(show),
	optionsProperty([concurrency, ...outputOptions, timeout], show),
];

/** Reads a prediction, when wanted after its end, and fetches its output files. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const id = predictionId.read(item);
	const timeoutSeconds = timeout.read(item);
	const output = { ...readOutputSettings(item), timeoutSeconds };
	const deadline = item.deadline(timeoutSeconds);
	const found = await readById(item, PREDICTION, id, deadline);
	const prediction = waitUntilFinished.read(item)
		? await endOf(item, PREDICTION, found, timeoutSeconds)
		: found;
	assertNotRemoved(prediction);
	const schema = await item.run.models.before(deadline).schemaOf(prediction);
	return await predictionItems(item.run.host, prediction, output, schema, {
		deadline,
		signal: item.signal,
	});
}
