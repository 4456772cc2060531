import { switchField, Field, textField, type ParameterSource } from './field';
import { ParameterError } from './parameterError';
import { shown, textOf } from '../shared/api/json';
import { choiceField, optionalNumberField, wholeNumberField } from './bounded';
import { option, retiredOption } from './collection';

/** Whether output files become binary data. */
export const downloadFiles = switchField({
	displayName: 'Download Output Files',
	name: 'downloadFiles',
	default: true,
	description:
		'Whether to fetch output files as binary data. Replicate deletes them after an hour.',
});

/** The binary field of the first output file. */
export const binaryField = new Field(
	{
		displayName: 'Put Output File in Field',
		name: 'binaryField',
		type: 'string',
		default: 'data',
		builderHint: {
			propertyHint:
				'The binary field of the first output file; nodes that follow take the file by this name. Leave the default "data".',
		},
		hint: 'The first file goes into this field. Further files get the same name with _1, _2 and so on, or the name of their key in the output.',
	},
	(value) => textOf(value) || 'data',
);

/**
 * The largest file that n8n can keep in each of its ways, in bytes. In memory it is one base64 text, and
 * V8's longest text of 2^29 - 24 characters holds 402,653,166 bytes; in the database, 512 MiB is n8n's
 * default (`N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE`).
 */
export const DEFAULT_MAX_FILE_BYTES = 400_000_000;

const BYTES_PER_MB = 1_000_000;

/** The largest output file to fetch, in MB; `undefined` where it is not set. */
export const maxFileMb = option(
	optionalNumberField(
		{
			displayName: 'Max Output File Size (MB)',
			name: 'maxFileMb',
			default: DEFAULT_MAX_FILE_BYTES / BYTES_PER_MB,
			description:
				'Larger output files are not downloaded; their URL stays in the item, with a note. The default is what n8n can keep in memory as well as on disk or in the database.',
		},
		{ min: 0.01, max: Infinity },
	),
);

/** The same in bytes, as workflows of version 0.1 hold it. */
export const maxFileBytes = retiredOption(
	new Field(
		{
			displayName: 'Max File Size (Bytes)',
			name: 'maxFileBytes',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: DEFAULT_MAX_FILE_BYTES,
		},
		(value, label): number => {
			if (value === '' || value === null || value === undefined) return DEFAULT_MAX_FILE_BYTES;
			const bytes = Number(textOf(value) || 0);
			if (Number.isFinite(bytes) && bytes >= 1) return bytes;
			throw new ParameterError(`${label} must be a number of 1 or more, and is ${shown(value)}`);
		},
	),
	maxFileMb,
);

/** The largest output file to fetch, in bytes. */
export function readMaxFileBytes(from: ParameterSource): number {
	const megabytes = maxFileMb.read(from);
	return megabytes === undefined ? maxFileBytes.read(from) : megabytes * BYTES_PER_MB;
}

/** The name of the output files; empty for names that end in the prediction's ID. */
export const outputFileName = option(
	textField({
		displayName: 'Output File Name',
		name: 'outputFileName',
		placeholder: 'e.g. {{ $binary.data.fileName }}',
		description:
			'Name of the output files. Their type decides the extension, and further files get _1, _2 and so on. If empty, each name ends in the ID of its prediction, so no file overwrites another.',
		hint: 'Use {{ $binary.data.fileName }} for the name of the input file',
	}),
);

/** Additional hosts that output files may be fetched from, with commas. */
export const outputHosts = option(
	textField({
		displayName: 'Output Hosts',
		name: 'outputHosts',
		placeholder: 'e.g. storage.googleapis.com, *.example.org',
		description:
			'Additional hosts that output files may be fetched from, separated by commas. Replicate’s own hosts are always allowed, private networks never.',
	}),
);

/** How a prediction with several output files becomes items. */
export const outputItems = option(
	choiceField(
		{
			displayName: 'Output Items',
			name: 'outputItems',
			default: 'perPrediction',
			description: 'How a prediction with several output files becomes items',
		},
		{
			perPrediction: {
				name: 'One per Prediction',
				description: 'All output files in one item',
			},
			perFile: { name: 'One per File', description: 'Each output file in an item of its own' },
		},
	),
);

/** The longest that a public link may be valid, in hours: a year. */
const MAX_LINK_HOURS = 8_760;

/** How long n8n's public address of each output file is valid, in hours; none where it is empty. */
export const publicLinkHours = option(
	wholeNumberField(
		{
			displayName: 'Public Link (Hours)',
			name: 'publicLinkHours',
			default: 24,
			description:
				'Give each output file an address of your n8n that needs no sign-in, for so many hours: publicUrl in the item’s files. For posts, e-mails and approvals, because Replicate’s own address ends after an hour. It ends sooner if n8n deletes the execution.',
		},
		{ min: 1, max: MAX_LINK_HOURS },
	),
);

/** The options about output files, in the order of use: their names and items, then limits and hosts. */
export const outputOptions = [
	outputFileName,
	outputItems,
	publicLinkHours,
	maxFileMb,
	maxFileBytes,
	outputHosts,
];

/** Whether results are short, as in n8n's own nodes. */
export const simplify = switchField({
	displayName: 'Simplify',
	name: 'simplify',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
});
