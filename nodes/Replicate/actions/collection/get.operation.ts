import type { INodeProperties } from 'n8n-workflow';
import { COLLECTION_SHAPE } from '../../../shared/api/shapes';
import { ParameterError } from '../../../fields/parameterError';
import { toJson } from '../../../shared/api/json';
import { modelSummary } from '../../../shared/models/describe';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { simplifyField } from '../simplifyField';

const show = { resource: ['collection'], operation: ['get'] };

export const description: INodeProperties[] = [
	{
		displayName: 'Collection Name or ID',
		name: 'collection',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getCollections' },
		required: true,
		default: '',
		description:
			'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		displayOptions: { show },
	},
	simplifyField(show),
];

/** Reads a collection with its models. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const slug = run.text('collection', itemIndex).trim();
	if (!/^[\w-]+$/.test(slug)) {
		throw new ParameterError(
			slug === '' ? 'No collection was chosen' : `"${slug}" is not a collection`,
			'Collections are listed at replicate.com/collections; write the last part of the address.',
		);
	}
	const collection = await run.client.get(`/collections/${slug}`, {
		shape: COLLECTION_SHAPE,
		what: `the collection "${slug}"`,
		signal: run.signal,
	});
	const { models, ...rest } = collection;
	const isSimple = run.flag('simplify', itemIndex, true);
	const shown = isSimple ? (models ?? []).map(modelSummary) : (models ?? []);
	return [{ json: toJson({ ...rest, models: shown }) }];
}
