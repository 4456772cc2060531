import { deployment } from '../../fields/deployment';
import type { ParameterSource } from '../../fields/field';
import { model } from '../../fields/model';
import { target, version } from '../../fields/target';
import { ParameterError } from '../../fields/parameterError';
import { NAME } from '../../shared/models/modelReference';
import type { Models, RunnableModel } from '../../shared/models/models';
import { TRAINING } from '../../shared/models/jobKind';
import { modelInputs } from '../../shared/schema/modelInputs';
import { textField } from '../../fields/field';

/** n8n empties a form when what it depends on changes; said where the model is chosen. */
const modes = model.property.modes!.map((mode) =>
	mode.type === 'list'
		? { ...mode, hint: 'Another model empties the inputs below. Additional Inputs (JSON) stay.' }
		: mode,
);

export const modelToRun = model.with({
	modes,
	description: 'The model to run: an official or community model, or a specific version',
});

export const deploymentToRun = deployment.with({
	description: 'The deployment to run the model on',
});

export const modelToTrain = model.with({
	modes,
	description: 'The model to train, with owner/name:version for a specific version',
});

export const destination = textField({
	displayName: 'Destination',
	name: 'destination',
	required: true,
	placeholder: 'e.g. my-company/my-model',
	description:
		'Your own model that receives the new version, as owner/name. Create one with Model → Create.',
});

/**
 * Finds what the node is set to run, when running and in the panel alike.
 *
 * @throws InputError when nothing was chosen
 * @throws ApiError   when Replicate does not know it
 */
export async function readTarget(models: Models, from: ParameterSource): Promise<RunnableModel> {
	if (target.read(from) === 'deployment') return await models.deployment(deployment.read(from));
	return await models.runnable(model.read(from), version.read(from));
}

/**
 * Finds what to train.
 *
 * @throws InputError for a model that cannot be trained
 */
export async function readTrained(models: Models, from: ParameterSource): Promise<RunnableModel> {
	const chosen = model.read(from);
	const found = await models.trainable(chosen, version.read(from));
	const inputs = modelInputs(found.schema, 'TrainingInput');
	if (!found.name || found.version.includes('/') || (found.schema && !inputs)) {
		throw new ParameterError(
			`The model "${chosen}" cannot be trained`,
			'Trainable models are listed at replicate.com/collections; choose one, with owner/name.',
		);
	}
	return { ...found, kind: TRAINING, trained: found.name, inputs, example: undefined };
}

/**
 * Finds what to train, and reads where its result goes.
 *
 * @throws InputError for a model that cannot be trained, or a destination that is not a model's name
 */
export async function readTraining(models: Models, from: ParameterSource): Promise<RunnableModel> {
	const to = readDestination(from);
	return { ...(await readTrained(models, from)), destination: to };
}

function readDestination(from: ParameterSource): string {
	const text = destination.read(from);
	const name = text.trim();
	if (new RegExp(`^${NAME}/${NAME}$`).test(name)) return name;
	throw new ParameterError(
		name === '' ? 'The training needs a destination' : `"${text}" is not a model`,
		'Write owner/name of one of your models. Create one with Model → Create.',
	);
}
