import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import { shown } from '../../../shared/api/json';
import { textOf, type NodeRun } from '../nodeRun';

/** Options about output files, in the alphabet's order; part of those of a run and of a get. */
export const outputOptions: INodeProperties[] = [
	{
		displayName: 'Max File Size (Bytes)',
		name: 'maxFileBytes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1_000_000_000,
		description: 'Larger output files are not downloaded; their URL stays in the item, with a note',
	},
	{
		displayName: 'Output File Name',
		name: 'outputFileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $binary.data.fileName }}',
		description:
			'Name of the output files; the extension is that of their type, and further files get _1, _2 and so on. Models give every output the same name, so set this before files of several items meet in a folder or an archive.',
	},
	{
		displayName: 'Output Hosts',
		name: 'outputHosts',
		type: 'string',
		default: '',
		placeholder: 'e.g. storage.googleapis.com, *.example.org',
		description:
			'Further hosts that output files may be fetched from, with commas. Replicate’s own are always asked, private networks never.',
	},
	{
		displayName: 'Output Items',
		name: 'outputItems',
		type: 'options',
		options: [
			{ name: 'One per File', value: 'perFile', description: 'Each output file in an item' },
			{
				name: 'One per Prediction',
				value: 'perPrediction',
				description: 'All output files in one item',
			},
		],
		default: 'perPrediction',
		description: 'How a prediction with several output files becomes items',
	},
];

/**
 * The largest output file to fetch, in bytes; `undefined`: any.
 *
 * @throws InputError for something that is no size
 */
export function readMaxFileBytes(run: NodeRun, itemIndex: number): number | undefined {
	const value = run.parameter<unknown>('options.maxFileBytes', itemIndex, '');
	if (value === '' || value === null || value === undefined) return undefined;
	const bytes = Number(textOf(value) || 0);
	if (Number.isFinite(bytes) && bytes >= 1) return bytes;
	throw new ParameterError(
		`Options → Max File Size must be a number of bytes, and is ${shown(value)}`,
	);
}
