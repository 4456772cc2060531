import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../../host/item';
import { modelProperty, readModelName } from './modelName';

export const description: INodeProperties[] = [modelProperty('getReadme')];

/** Reads the text of a model's page, as Markdown. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const name = readModelName(item);
	const readme = await item.client.getText(`/models/${name}/readme`, {
		what: `a README of the model "${name}"`,
		signal: item.signal,
	});
	return [{ json: { model: name, readme } }];
}
