import type { INodeProperties } from 'n8n-workflow';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { modelFields, readModelName } from './fields';

export const description: INodeProperties[] = modelFields('getReadme');

/** Reads the text of a model's page, as Markdown. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const name = readModelName(run, itemIndex);
	const readme = await run.client.getText(`/models/${name}/readme`, {
		what: `a README of the model "${name}"`,
		signal: run.signal,
	});
	return [{ json: { model: name, readme } }];
}
