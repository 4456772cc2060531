import type { INodeProperties } from 'n8n-workflow';
import type { Models, RunnableModel } from '../../../shared/models/models';
import { deploymentField } from '../deploymentField';
import { modelField } from '../modelField';

const show = { resource: ['prediction'], operation: ['run'] };

/** What runs: a model, or a deployment of the account. */
export const targetFields: INodeProperties[] = [
	{
		displayName: 'Run',
		name: 'target',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Deployment',
				value: 'deployment',
				description: 'A model on machines of your own',
			},
			{ name: 'Model', value: 'model', description: 'Any public model, or a private one of yours' },
		],
		default: 'model',
		displayOptions: { show },
	},
	modelField(
		{ ...show, target: ['model'] },
		'The model to run: an official one, a community one, or one certain version',
	),
	deploymentField({ ...show, target: ['deployment'] }, 'The deployment to run the model on'),
];

/** Which version of the model runs. */
export const versionOption: INodeProperties = {
	displayName: 'Version Name or ID',
	name: 'version',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getVersions', loadOptionsDependsOn: ['model.value'] },
	default: '',
	description:
		'For results that stay the same when the model changes. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	displayOptions: { show: { '/target': ['model'] } },
};

/** Reads a parameter, when running and in the editor alike. */
export interface TargetParameters {
	parameter(name: string): unknown;
	/** What a resource locator points at. */
	located(name: string): string;
}

/**
 * Finds what the node is set to run.
 *
 * @throws InputError when nothing was chosen
 * @throws ApiError   when Replicate does not know it
 */
export async function readTarget(
	models: Models,
	{ parameter, located }: TargetParameters,
): Promise<RunnableModel> {
	if (parameter('target') === 'deployment') return await models.deployment(located('deployment'));
	return await models.runnable(located('model'), String(parameter('options.version') ?? ''));
}
