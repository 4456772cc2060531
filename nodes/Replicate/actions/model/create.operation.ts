import type { INodeProperties } from 'n8n-workflow';
import { choiceField } from '../../../fields/bounded';
import { textField } from '../../../fields/field';
import { hardware } from '../../../fields/deployment';
import type { Item, ItemResult } from '../../../host/item';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { ParameterError } from '../../../fields/parameterError';
import { parseModelReference } from '../../../shared/models/modelReference';
import { pageProperty, readPage } from './page';

const show = { resource: ['model'], operation: ['create'] };

const modelName = textField({
	displayName: 'Name',
	name: 'modelName',
	required: true,
	placeholder: 'e.g. my-company/my-model',
	description: 'The new model as owner/name; the owner is the token’s account',
});

const visibility = choiceField(
	{ displayName: 'Visibility', name: 'visibility', default: 'private' },
	{
		private: { name: 'Private', description: 'Only your account can see and run it' },
		public: { name: 'Public', description: 'Everyone can see and run it' },
	},
);

export const description: INodeProperties[] = [
	modelName.at(show),
	visibility.at(show),
	hardware.with({ required: true }).at(show),
	pageProperty(show, ['description', 'githubUrl', 'paperUrl', 'licenseUrl', 'coverImageUrl']),
];

/** Makes a model without a version, for a training or a push to fill. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const reference = parseModelReference(modelName.read(item));
	const machine = hardware.read(item);
	if (reference.kind !== 'model' || machine === '') {
		throw new ParameterError(
			machine === '' ? 'The model needs hardware' : 'A new model has no version yet',
			'Write owner/name, and choose a machine; Hardware → Get Many lists them.',
		);
	}
	const { owner, name } = reference;
	const body = {
		owner,
		name,
		visibility: visibility.read(item),
		hardware: machine,
		...readPage(item),
	};
	return [
		{ json: await item.client.post('/models', body, { shape: OBJECT_SHAPE, signal: item.signal }) },
	];
}
