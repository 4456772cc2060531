import { createHash } from 'node:crypto';
import { stringifyJson, type InputObject } from '../../shared/api/json';
import { sha256 } from '../../shared/files/binaryFile';
import { type FileInput, findFileInputs, type FileAssignment } from '../../shared/files/inputs';
import type { JobTarget } from '../../shared/models/jobKind';
import type { Item } from '../../host/item';
import type { RunnableModel } from '../../shared/models/models';
import { assertComplete } from '../../shared/schema/values';
import type { GivenInput } from './input';
import type { JobSettings, Settings } from './settings';

/** What is to be created, with everything read and checked. */
export interface JobPlan {
	model: RunnableModel;
	settings: JobSettings;
	input: InputObject;
	files: FileInput[];
	/** Tells it from other plans, see `fingerprintOf`. */
	fingerprint: string;
}

/** What one item is to run. */
export interface Plan extends JobPlan {
	settings: Settings;
	/** What the builder should know, though it stops nothing. */
	warnings: string[];
}

/**
 * Finds the files of an item's input, and checks that nothing is missing.
 *
 * @throws InputError before anything is sent
 */
export async function planOf(
	{ files: itemFiles }: Item,
	model: RunnableModel,
	settings: Settings,
	{ input, warnings }: GivenInput,
	assignments: FileAssignment[],
): Promise<Plan> {
	const files = await findFileInputs(input, assignments, model.inputs, itemFiles);
	const filled = files.map((file) => file.input);
	assertComplete(model.inputs ?? [], input, filled, itemFiles.names, itemFiles.broken);
	const fingerprint = await fingerprintOf(model, input, files);
	return { model, settings, input, files, warnings, fingerprint };
}

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
