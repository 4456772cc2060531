import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { openClient } from '../host/host';
import { modelEntry } from '../fields/modelEntry';
import { findLanguageModels } from '../shared/chat/findLanguageModels';

/** The entries of the model picker: language models only, official ones first. */
export async function searchLanguageModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const client = await openClient(this);
	const found = await findLanguageModels(client, filter?.trim() ?? '');
	return { results: found.map(modelEntry) };
}
