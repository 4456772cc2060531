import type { INodeProperties } from 'n8n-workflow';
import { PREDICTION_SHAPE, type Prediction } from '../../../shared/api/shapes';
import { type JsonObject, toJson } from '../../../shared/api/json';
import { simplified } from '../../../shared/predictions/simplify';
import { TRAINING } from '../../../shared/predictions/kind';
import { assertSucceeded } from '../../../shared/predictions/status';
import { waitForEnd } from '../../../shared/predictions/wait';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { concurrencyOption, readTimeout, trainingTimeoutOption } from '../prediction/options';
import { simplifyField } from '../simplifyField';
import { readTrainingId, trainingIdField } from './trainingId';

const show = { resource: ['training'], operation: ['get'] };

export const description: INodeProperties[] = [
	trainingIdField('get'),
	{
		displayName: 'Wait Until Finished',
		name: 'waitUntilFinished',
		type: 'boolean',
		default: false,
		description:
			'Whether to wait until the training has ended. It is an error then if it ends without a result.',
		displayOptions: { show },
	},
	simplifyField(show),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [concurrencyOption, trainingTimeoutOption],
		displayOptions: { show: { ...show, waitUntilFinished: [true] } },
	},
];

/** Reads a training, when wanted after its end. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const id = readTrainingId(run, itemIndex);
	const { client, signal } = run;
	let training = await client.get(`/trainings/${id}`, {
		shape: PREDICTION_SHAPE,
		what: `the training "${id}"`,
		signal,
	});
	if (run.flag('waitUntilFinished', itemIndex, false)) {
		const seconds = readTimeout(run, itemIndex, trainingTimeoutOption);
		const ended = await waitForEnd(client, training, {
			kind: TRAINING,
			deadline: Date.now() + seconds * 1_000,
			onTimeout: 'leave',
			onStop: 'leave',
			signal,
			onProgress: (latest) => run.showProgress(latest),
		});
		training = assertSucceeded(ended, client.baseUrl, TRAINING);
	}
	return [{ json: trainingJson(training, run.flag('simplify', itemIndex, true)) }];
}

/** A training's JSON, short or whole. Its weights stay an address. */
export function trainingJson(training: Prediction, isSimple: boolean): JsonObject {
	if (!isSimple) return toJson(training);
	return simplified(training, { files: [], binary: {} });
}
