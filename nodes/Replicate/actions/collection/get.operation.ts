import type { INodeProperties } from 'n8n-workflow';
import { loadedField } from '../../../fields/field';
import { simplify } from '../../../fields/output';
import type { Item, ItemResult } from '../../../host/item';
import { COLLECTION_SHAPE } from '../../../shared/api/shapes';
import { ParameterError } from '../../../fields/parameterError';
import { toJson } from '../../../shared/api/json';
import { modelSummary } from '../../../shared/models/describe';

const show = { resource: ['collection'], operation: ['get'] };

const collection = loadedField({
	displayName: 'Collection Name or ID',
	name: 'collection',
	method: 'getCollections',
	required: true,
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
});

export const description: INodeProperties[] = [collection.at(show), simplify.at(show)];

/** Reads a collection with its models. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const slug = collection.read(item).trim();
	if (!/^[\w-]+$/.test(slug)) {
		throw new ParameterError(
			slug === '' ? 'No collection was chosen' : `"${slug}" is not a collection`,
			'Collections are listed at replicate.com/collections; write the last part of the address.',
		);
	}
	const { models, ...rest } = await item.client.get(`/collections/${slug}`, {
		shape: COLLECTION_SHAPE,
		what: `the collection "${slug}"`,
		signal: item.signal,
	});
	const listed = models ?? [];
	const shown = simplify.read(item) ? listed.map(modelSummary) : listed;
	return [{ json: toJson({ ...rest, models: shown }) }];
}
