import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import type { Models, RunnableModel } from '../../../shared/models/models';
import { NAME } from '../../../shared/models/modelReference';
import { modelInputs } from '../../../shared/schema/modelInputs';
import { modelField } from '../modelField';
import type { TargetParameters } from '../prediction/target';

const show = { resource: ['training'], operation: ['create'] };

/** What is trained, and where the result goes. */
export const targetFields: INodeProperties[] = [
	modelField(show, 'The model to train, with owner/name:version for a certain version'),
	{
		displayName: 'Destination',
		name: 'destination',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. my-company/my-model',
		description:
			'The model of yours that gets the new version, as owner/name. Model → Create makes one.',
		displayOptions: { show },
	},
];

/**
 * Finds what to train.
 *
 * @throws InputError for a model that cannot be trained
 */
export async function readTrained(
	models: Models,
	{ parameter, located }: TargetParameters,
): Promise<RunnableModel> {
	const chosen = String(parameter('options.version') ?? '');
	const model = await models.runnable(located('model'), chosen);
	const inputs = modelInputs(model.schema, 'TrainingInput');
	if (!model.name || model.version.includes('/') || (model.schema && !inputs)) {
		throw new ParameterError(
			`The model "${located('model')}" cannot be trained`,
			'Trainable models are listed at replicate.com/collections; choose one, with owner/name.',
		);
	}
	return { ...model, inputs, example: undefined };
}

/** @throws InputError when it is no model's name */
export function readDestination(text: string): string {
	const destination = text.trim();
	if (new RegExp(`^${NAME}/${NAME}$`).test(destination)) return destination;
	throw new ParameterError(
		destination === '' ? 'The training needs a destination' : `"${text}" is not a model`,
		'Write owner/name of a model of yours; Model → Create makes one.',
	);
}
