import { choiceField } from './bounded';
import { option } from './collection';
import { loadedField } from './field';

/** What runs: a model, or a deployment of the account. */
export const target = choiceField(
	{ displayName: 'Run', name: 'target', noDataExpression: true, default: 'model' },
	{
		deployment: { name: 'Deployment', description: 'A model on machines of your own' },
		model: { name: 'Model', description: 'Any public model, or a private one of yours' },
	},
);

/** Which version of the model runs; empty for the latest. */
export const version = option(
	loadedField({
		displayName: 'Version Name or ID',
		name: 'version',
		method: 'getVersions',
		typeOptions: { loadOptionsDependsOn: ['model.value'] },
		description:
			'For results that stay the same when the model changes. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: { show: { '/target': ['model'] } },
	}),
);
