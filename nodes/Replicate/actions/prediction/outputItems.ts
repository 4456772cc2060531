import type { INodeProperties } from 'n8n-workflow';
import { patienceMs } from '../../../shared/api/timeLimit';
import type { JsonObject, OpenApiDocument, Prediction } from '../../../shared/api/types';
import { collectOutput, type CollectedOutput } from '../../../shared/outputs/collect';
import { parseOutputHosts } from '../../../shared/outputs/hosts';
import { simplified } from '../../../shared/outputs/simplify';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { simplifyField } from '../simplifyField';
import { readMaxFileBytes } from './outputOptions';

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
		simplifyField(show),
	];
}

/** How a prediction becomes an item: plain JSON, so that it outlives a suspension. */
export interface OutputSettings {
	downloadFiles: boolean;
	binaryField: string;
	fileName?: string;
	simplify: boolean;
	outputItems: 'perPrediction' | 'perFile';
	/** Bytes. */
	maxFileBytes?: number;
	outputHosts: string[];
	/** The item's time limit, in s, which also says how patient its downloads are. */
	timeoutSeconds?: number;
}

export function readOutputSettings(run: NodeRun, itemIndex: number): OutputSettings {
	return {
		downloadFiles: run.flag('downloadFiles', itemIndex, true),
		binaryField: run.text('binaryField', itemIndex, 'data') || 'data',
		fileName: run.text('options.outputFileName', itemIndex) || undefined,
		simplify: run.flag('simplify', itemIndex, true),
		outputItems: run.choice('options.outputItems', itemIndex, ['perPrediction', 'perFile']),
		maxFileBytes: readMaxFileBytes(run, itemIndex),
		outputHosts: parseOutputHosts(run.text('options.outputHosts', itemIndex)),
	};
}

/** What it takes to bring output files into n8n. */
export type OutputRun = Pick<NodeRun, 'client' | 'keep' | 'store' | 'signal' | 'refusal'>;

/**
 * The items for a prediction: its JSON, short or whole, and its output files as binary data; one item
 * for all files, or one for each.
 */
export async function predictionItems(
	{ client, keep, store, signal, refusal }: OutputRun,
	prediction: Prediction,
	settings: OutputSettings,
	schema?: OpenApiDocument | null,
): Promise<ItemResult[]> {
	const { downloadFiles, binaryField, fileName, simplify, timeoutSeconds } = settings;
	const { maxFileBytes: maxBytes } = settings;
	const hosts = { baseUrl: client.baseUrl, more: settings.outputHosts };
	const options = {
		transport: client.transport,
		downloadFiles,
		binaryField,
		fileName,
		hosts,
		patienceMs: timeoutSeconds === undefined ? undefined : patienceMs(timeoutSeconds),
		keep,
		store,
		maxBytes,
		refusal,
		signal,
	};
	const collected = await collectOutput(prediction, schema, options);
	const itemOf = (output: CollectedOutput): ItemResult => ({
		json: simplify
			? simplified(prediction, output)
			: ({ ...prediction, files: output.files } as unknown as JsonObject),
		binary: output.binary,
	});
	if (settings.outputItems === 'perPrediction' || collected.files.length === 0) {
		return [itemOf(collected)];
	}
	return perFile(collected, binaryField).map(({ output, place }) => {
		const item = itemOf(output);
		return { ...item, json: { ...item.json, ...place } };
	});
}

/** Each file by itself under the chosen field, with its place among the prediction's files. */
function perFile({ files, binary }: CollectedOutput, binaryField: string) {
	return files.map((file, fileIndex) => {
		const held = binary[String(file.field)];
		const output: CollectedOutput = held
			? { files: [{ ...file, field: binaryField }], binary: { [binaryField]: held } }
			: { files: [file], binary: {} };
		return { output, place: { fileIndex, fileCount: files.length } };
	});
}
