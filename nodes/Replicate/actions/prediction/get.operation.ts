import type { INodeProperties } from 'n8n-workflow';
import { PREDICTION_SHAPE } from '../../../shared/api/shapes';
import { assertSucceeded } from '../../../shared/predictions/status';
import { waitForEnd } from '../../../shared/predictions/wait';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { outputFields, predictionItems, readOutputSettings } from './outputItems';
import { predictionIdField, readPredictionId } from './predictionId';
import { concurrencyOption, readTimeout, timeoutOption } from './options';
import { outputOptions } from './outputOptions';

const show = { resource: ['prediction'], operation: ['get'] };

export const description: INodeProperties[] = [
	predictionIdField(['get']),
	{
		displayName: 'Wait Until Finished',
		name: 'waitUntilFinished',
		type: 'boolean',
		default: false,
		description:
			'Whether to wait until the prediction has ended. It is an error then if it ends without a result.',
		displayOptions: { show },
	},
	...outputFields(show),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [concurrencyOption, ...outputOptions, timeoutOption],
		displayOptions: { show },
	},
];

/** Reads a prediction, when wanted after its end, and fetches its output files. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const id = readPredictionId(run, itemIndex);
	const found = await run.client.get(`/predictions/${id}`, {
		shape: PREDICTION_SHAPE,
		what: `the prediction "${id}"`,
		signal: run.signal,
	});
	const timeoutSeconds = readTimeout(run, itemIndex);
	const output = { ...readOutputSettings(run, itemIndex), timeoutSeconds };
	if (!run.flag('waitUntilFinished', itemIndex, false)) {
		return await predictionItems(run, found, output, await run.models.schemaOf(found));
	}
	const ended = await waitForEnd(run.client, found, {
		deadline: Date.now() + timeoutSeconds * 1_000,
		onTimeout: 'leave',
		onStop: 'leave',
		signal: run.signal,
		onProgress: (prediction) => run.showProgress(prediction),
	});
	const succeeded = assertSucceeded(ended, run.client.baseUrl);
	return await predictionItems(run, succeeded, output, await run.models.schemaOf(succeeded));
}
