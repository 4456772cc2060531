import type { INodeProperties } from 'n8n-workflow';
import type { JsonObject, OpenApiDocument, Prediction } from '../../../shared/api/types';
import { collectOutput } from '../../../shared/outputs/collect';
import { simplified } from '../../../shared/outputs/simplify';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';

type Shown = NonNullable<INodeProperties['displayOptions']>['show'];

/**
 * The fields that say how a prediction becomes an item.
 *
 * @param show       where the fields are shown
 * @param whenOutput where those about output files are shown
 */
export function outputFields(show: Shown, whenOutput: Shown = show): INodeProperties[] {
	return [
		{
			displayName: 'Download Output Files',
			name: 'downloadFiles',
			type: 'boolean',
			default: true,
			description: 'Whether output files become binary data. Replicate deletes them after an hour.',
			displayOptions: { show: whenOutput },
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryField',
			type: 'string',
			default: 'data',
			hint: 'The first file takes this name, further ones get _1, _2 and so on',
			displayOptions: { show: { ...whenOutput, downloadFiles: [true] } },
		},
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
			displayOptions: { show },
		},
	];
}

/** The item for a prediction: its JSON, short or whole, and its output files as binary data. */
export async function predictionItem(
	run: NodeRun,
	itemIndex: number,
	prediction: Prediction,
	schema?: OpenApiDocument | null,
): Promise<ItemResult> {
	const collected = await collectOutput(prediction, schema, {
		downloadFiles: run.parameter('downloadFiles', itemIndex, true),
		binaryField: run.parameter('binaryField', itemIndex, 'data') || 'data',
		baseUrl: run.client.baseUrl,
		keep: run.keep,
		store: run.store,
		signal: run.signal,
	});
	const whole = { ...prediction, files: collected.files } as unknown as JsonObject;
	const isSimple = run.parameter('simplify', itemIndex, true);
	return { json: isSimple ? simplified(prediction, collected) : whole, binary: collected.binary };
}
