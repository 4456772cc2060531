import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';
import { wordsOf } from '../../fields/advice';
import { ReplicateError } from '../../shared/api/errors';
import { Models, type RunnableModel } from '../../shared/models/models';
import { modelForm } from '../panel/form';
import { readTarget } from '../actions/prediction/target';
import { readTrained } from '../actions/training/target';
import { editorClient, editorParameters } from './editorContext';

const UNKNOWN =
	'The inputs of a model that an expression chooses are not known here. Set Input Mode to JSON.';

/** The form of the chosen model or deployment; where there is none, a notice says why. */
export async function getModelInputs(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const parameters = editorParameters(this);
	const name = parameters.parameter('target') === 'deployment' ? 'deployment' : 'model';
	const chosen = parameters.located(name);
	if (chosen === '') return notice(`Choose a ${name} to see its inputs.`);
	if (chosen.startsWith('=')) {
		return notice(
			`The inputs of a ${name} that an expression chooses are not known here. Set Input Mode to JSON.`,
		);
	}
	const models = new Models(await editorClient(this));
	return await formOrNotice(readTarget(models, parameters));
}

/** The form of a training of the chosen model. */
export async function getTrainingInputs(
	this: ILoadOptionsFunctions,
): Promise<ResourceMapperFields> {
	const parameters = editorParameters(this);
	const chosen = parameters.located('model');
	if (chosen === '') return notice('Choose a model to see its training inputs.');
	if (chosen.startsWith('=')) return notice(UNKNOWN);
	return await formOrNotice(readTrained(new Models(await editorClient(this)), parameters));
}

async function formOrNotice(model: Promise<RunnableModel>): Promise<ResourceMapperFields> {
	return await model.then(form, (error: unknown) => {
		if (!(error instanceof ReplicateError)) throw error;
		const { message, description } = wordsOf(error);
		return notice([message, description].filter(Boolean).join('. '));
	});
}

function form({ inputs, example, name, version }: RunnableModel): ResourceMapperFields {
	if (inputs) {
		return inputs.length > 0
			? { fields: modelForm(inputs, example) }
			: notice('This model takes no inputs.');
	}
	return notice(
		name
			? `Replicate lists no inputs for ${name} ${version}. Set Input Mode to JSON.`
			: 'A version ID alone does not say which inputs the model has. Write owner/name:version, or set Input Mode to JSON.',
	);
}

function notice(emptyFieldsNotice: string): ResourceMapperFields {
	return { fields: [], emptyFieldsNotice };
}
