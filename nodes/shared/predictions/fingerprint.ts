import { createHash } from 'node:crypto';
import { stringifyJson, type InputObject } from '../api/json';
import { sha256 } from '../files/binaryFile';
import type { FileInput } from '../files/inputs';
import type { JobTarget } from '../models/jobKind';

/**
 * Tells whether two creates would run the same: the target, the input, and each file by its id in
 * n8n's store, or by its content where it has none. Not by the upload's address, which is new each time.
 *
 * @returns SHA-256 in hex
 * @throws InputError when n8n cannot read a file
 */
export async function fingerprintOf(
	{ kind, version, deployment, trained, destination }: JobTarget,
	input: InputObject,
	files: FileInput[],
): Promise<string> {
	const described = await Promise.all(
		files.map(async ({ input: name, values }) => ({
			name,
			values: await Promise.all(
				values.map(async (value) =>
					value.kind === 'text' ? value.text : (value.file.storeId ?? (await sha256(value.file))),
				),
			),
		})),
	);
	const target = { kind: kind.name, version, deployment, trained, destination };
	const text = stringifyJson({ target, input, files: described });
	return createHash('sha256').update(text).digest('hex');
}
