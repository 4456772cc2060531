import { choiceField } from './bounded';
import { option } from './collection';
import { loadedField } from './field';

/** What runs: a model, or a deployment of the account. */
export const target = choiceField(
	{ displayName: 'Run On', name: 'target', noDataExpression: true, default: 'model' },
	{
		model: { name: 'Model', description: 'Any public model, or one of your private models' },
		deployment: {
			name: 'My Deployment',
			description: 'A model on dedicated hardware of your account',
		},
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
			'Keeps results the same when the model is updated. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: { show: { '/target': ['model'] } },
	}),
);
