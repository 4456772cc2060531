import {
	DEFAULT_DATA_URI_MAX_BYTES,
	MAX_INLINE_BYTES,
	type FileRouting,
} from '../shared/files/route';
import { choiceField, numberField } from './bounded';
import { option } from './collection';
import { switchField } from './field';

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
			auto: { name: 'Automatic', description: 'Small files as data URI, larger ones as upload' },
			dataUri: {
				name: 'Data URI',
				description: 'Inside the request. For models that cannot read uploaded files; up to 10 MB.',
			},
			publicUrl: {
				name: 'Public URL',
				description:
					'Replicate fetches the file from your n8n, which must be reachable from the internet. For files over 100 MiB, and for models that cannot read uploaded files.',
			},
			upload: {
				name: 'Upload',
				description: 'Every file through Replicate’s Files API, up to 100 MiB each',
			},
		},
	),
);

/** In bytes: smaller files travel inside the request. */
export const dataUriMaxBytes = option(
	numberField(
		{
			displayName: 'Data URI Limit (Bytes)',
			name: 'dataUriMaxBytes',
			default: DEFAULT_DATA_URI_MAX_BYTES,
			description:
				'Files smaller than this travel inside the request. Larger ones are uploaded to Replicate first.',
		},
		{ min: 0, max: MAX_INLINE_BYTES },
	),
);

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
