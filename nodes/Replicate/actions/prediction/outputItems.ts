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

/** How a prediction becomes an item: plain JSON, so that it outlives a suspension. */
export interface OutputSettings {
	downloadFiles: boolean;
	binaryField: string;
	simplify: boolean;
}

export function readOutputSettings(run: NodeRun, itemIndex: number): OutputSettings {
	return {
		downloadFiles: run.parameter('downloadFiles', itemIndex, true),
		binaryField: run.parameter('binaryField', itemIndex, 'data') || 'data',
		simplify: run.parameter('simplify', itemIndex, true),
	};
}

/** What it takes to bring output files into n8n. */
export type OutputRun = Pick<NodeRun, 'client' | 'keep' | 'store' | 'signal'>;

/** The item for a prediction: its JSON, short or whole, and its output files as binary data. */
export async function predictionItem(
	{ client, keep, store, signal }: OutputRun,
	prediction: Prediction,
	{ downloadFiles, binaryField, simplify }: OutputSettings,
	schema?: OpenApiDocument | null,
): Promise<ItemResult> {
	const { baseUrl } = client;
	const options = { downloadFiles, binaryField, baseUrl, keep, store, signal };
	const collected = await collectOutput(prediction, schema, options);
	const whole = { ...prediction, files: collected.files } as unknown as JsonObject;
	return { json: simplify ? simplified(prediction, collected) : whole, binary: collected.binary };
}
