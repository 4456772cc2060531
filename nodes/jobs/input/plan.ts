import type { Item } from '../../host/item';
import type { InputObject } from '../../shared/api/json';
import { findFileInputs, type FileAssignment, type FileInput } from '../../shared/files/inputs';
import type { RunnableModel } from '../../shared/models/models';
import { assertComplete } from '../../shared/schema/values';
import { fingerprintOf } from './fingerprint';
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
	assertComplete(model.inputs ?? [], input, filled, itemFiles.names);
	const fingerprint = await fingerprintOf(model, input, files);
	return { model, settings, input, files, warnings, fingerprint };
}
