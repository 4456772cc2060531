import {
	DEFAULT_DATA_URI_MAX_BYTES,
	MAX_INLINE_BYTES,
	type FileRouting,
} from '../shared/files/route';
import { choiceField, numberField, optionalNumberField } from './bounded';
import { option, retiredOption } from './collection';
import { switchField, type ParameterSource } from './field';

/** How binary files reach the model. */
export const fileRouting = option(
	choiceField<FileRouting>(
		{
			displayName: 'Send Files As',
			name: 'fileRouting',
			default: 'auto',
			description: 'How binary files reach the model. URLs are always passed on as they are.',
		},
		{
			auto: {
				name: 'Automatic',
				description: 'Small files inside the request, larger ones as an upload',
			},
			upload: {
				name: 'Upload',
				description: 'Every file through Replicate’s Files API, up to 100 MiB each',
			},
			dataUri: {
				name: 'Data URI',
				description: 'Inside the request. For models that cannot read uploaded files; up to 10 MB.',
			},
			publicUrl: {
				name: 'Public URL',
				description:
					'Replicate fetches the file from your n8n, which must be reachable from the internet. For files over 100 MiB, and for models that cannot read uploaded files.',
			},
		},
	),
);

const BYTES_PER_KB = 1_000;

/** In KB: smaller files travel inside the request; `undefined` where it is not set. */
export const maxInlineKb = option(
	optionalNumberField(
		{
			displayName: 'Max Size of Inline Files (KB)',
			name: 'maxInlineKb',
			default: DEFAULT_DATA_URI_MAX_BYTES / BYTES_PER_KB,
			description:
				'Files smaller than this travel inside the request. Larger ones are uploaded to Replicate first.',
		},
		{ min: 0, max: MAX_INLINE_BYTES / BYTES_PER_KB },
	),
);

/** The same in bytes, as workflows of version 0.1 hold it. */
export const dataUriMaxBytes = retiredOption(
	numberField(
		{
			displayName: 'Data URI Limit (Bytes)',
			name: 'dataUriMaxBytes',
			default: DEFAULT_DATA_URI_MAX_BYTES,
		},
		{ min: 0, max: MAX_INLINE_BYTES },
	),
	maxInlineKb,
);

/** In bytes: smaller files travel inside the request. */
export function readMaxInlineBytes(from: ParameterSource): number {
	const kilobytes = maxInlineKb.read(from);
	return kilobytes === undefined ? dataUriMaxBytes.read(from) : kilobytes * BYTES_PER_KB;
}

/** Whether uploaded inputs are removed when nothing reads them any more. */
export const deleteUploads = option(
	switchField({
		displayName: 'Delete Uploads',
		name: 'deleteUploads',
		default: false,
		description:
			'Whether to remove uploaded input files from Replicate once the prediction has ended. Otherwise they expire after 24 hours.',
	}),
);
