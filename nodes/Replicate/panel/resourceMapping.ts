import { wordsOf } from '../../fields/advice';
import { deployment } from '../../fields/deployment';
import type { ParameterSource } from '../../fields/field';
import { fillExample } from '../../fields/input';
import { model } from '../../fields/model';
import { target } from '../../fields/target';
import { openClient } from '../../host/host';
import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';
import { ReplicateError } from '../../shared/api/errors';
import { Models, type RunnableModel } from '../../shared/models/models';
import { modelForm, type FormWishes } from './form';
import { readTarget, readTrained } from '../../jobs/input/target';
import { panelSource } from './panelSource';

const UNKNOWN =
	'An expression chooses the model, so its inputs are not known here. Write them into Additional Inputs (JSON).';

/** The form of the chosen model or deployment; where there is none, a notice says why. */
export async function getModelInputs(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const parameters = panelSource(this);
	const name = target.read(parameters);
	const chosen = (name === 'deployment' ? deployment : model).read(parameters);
	if (chosen === '') return notice(`Choose a ${name} to see its inputs.`);
	if (chosen.startsWith('=')) {
		return notice(
			`An expression chooses the ${name}, so its inputs are not known here. Write them into Additional Inputs (JSON).`,
		);
	}
	const models = new Models(await openClient(this));
	const fills = fillExample.read(parameters);
	const found = targetToShow(models, parameters);
	return await formOrNotice(
		this,
		fills ? found.then(async (one) => await withExample(models, one)) : found,
		fills,
	);
}

/** What is shown, with the example of its model, which is read of a model alone. */
async function withExample(models: Models, found: RunnableModel): Promise<RunnableModel> {
	return { ...found, example: (await models.exampleOf(found)) ?? null };
}

/** A version that is left over from another model fails the run, and costs the form nothing. */
async function targetToShow(models: Models, parameters: ParameterSource): Promise<RunnableModel> {
	return await readTarget(models, parameters).catch(async (error: unknown) => {
		const isLeftOver = error instanceof ReplicateError && error.code === 'versionOfAnotherModel';
		if (!isLeftOver) throw error;
		return await models.runnable(model.read(parameters));
	});
}

/** The form of a training of the chosen model. */
export async function getTrainingInputs(
	this: ILoadOptionsFunctions,
): Promise<ResourceMapperFields> {
	const parameters = panelSource(this);
	const chosen = model.read(parameters);
	if (chosen === '') return notice('Choose a model to see its training inputs.');
	if (chosen.startsWith('=')) return notice(UNKNOWN);
	return await formOrNotice(this, readTrained(new Models(await openClient(this)), parameters));
}

async function formOrNotice(
	context: ILoadOptionsFunctions,
	model: Promise<RunnableModel>,
	fills = false,
): Promise<ResourceMapperFields> {
	// n8n makes the tool for agents out of the node, and names it so.
	const forAgent = context.getNode().type.endsWith('Tool');
	return await model.then(
		(found) => form(found, { forAgent, fills }),
		(error: unknown) => {
			if (!(error instanceof ReplicateError)) throw error;
			const { message, description } = wordsOf(error);
			return notice([message, description].filter(Boolean).join('. '));
		},
	);
}

function form(
	{ inputs, example, name, version }: RunnableModel,
	wishes: FormWishes,
): ResourceMapperFields {
	if (inputs) {
		return inputs.length > 0
			? { fields: modelForm(inputs, example?.input, wishes) }
			: notice('This model takes no inputs.');
	}
	return notice(
		name
			? `Replicate lists no inputs for ${name} ${version}. Write them into Additional Inputs (JSON).`
			: 'A version ID alone does not say which inputs it has. Write owner/name:version, or write them into Additional Inputs (JSON).',
	);
}

function notice(emptyFieldsNotice: string): ResourceMapperFields {
	return { fields: [], emptyFieldsNotice };
}
