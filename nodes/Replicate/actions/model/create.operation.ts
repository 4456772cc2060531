import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { parseModelReference } from '../../../shared/models/modelReference';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { pageFields, readPageFields } from './pageFields';

const show = { resource: ['model'], operation: ['create'] };

export const description: INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'modelName',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. my-company/my-model',
		description: 'The new model as owner/name; the owner is the token’s account',
		displayOptions: { show },
	},
	{
		displayName: 'Visibility',
		name: 'visibility',
		type: 'options',
		options: [
			{ name: 'Private', value: 'private', description: 'Only your account can see and run it' },
			{ name: 'Public', value: 'public', description: 'Everybody can see and run it' },
		],
		default: 'private',
		displayOptions: { show },
	},
	{
		displayName: 'Hardware Name or ID',
		name: 'hardware',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getHardware' },
		required: true,
		default: '',
		description:
			'The machine to run on. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: { show },
	},
	pageFields(show, ['description', 'githubUrl', 'paperUrl', 'licenseUrl', 'coverImageUrl']),
];

/** Makes a model without a version, for a training or a push to fill. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const reference = parseModelReference(run.text('modelName', itemIndex));
	const hardware = run.text('hardware', itemIndex);
	if (reference.kind !== 'model' || hardware === '') {
		throw new ParameterError(
			hardware === '' ? 'The model needs hardware' : 'A new model has no version yet',
			'Write owner/name, and choose a machine; Hardware → Get Many lists them.',
		);
	}
	const { owner, name } = reference;
	const body = {
		owner,
		name,
		visibility: run.choice('visibility', itemIndex, ['private', 'public']),
		hardware,
		...readPageFields(run, itemIndex),
	};
	return [
		{ json: await run.client.post('/models', body, { shape: OBJECT_SHAPE, signal: run.signal }) },
	];
}
