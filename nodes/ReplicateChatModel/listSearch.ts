import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { openClient } from '../host/host';
import { modelEntry, officialMark } from '../fields/modelEntry';
import type { Model } from '../shared/api/shapes';
import { findLanguageModels } from '../shared/chat/findLanguageModels';
import { abilitiesOf } from '../shared/chat/languageModel';

/** The entries of the model picker: language models only, official ones first. */
export async function searchLanguageModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const client = await openClient(this);
	const found = await findLanguageModels(client, filter?.trim() ?? '');
	return { results: found.map((model) => modelEntry(model, marksOf(model))) };
}

/** What a builder chooses a language model by. */
function marksOf(model: Model): string[] {
	const { takesTools, takesImages } = abilitiesOf(model.latest_version?.openapi_schema);
	return [
		...officialMark(model),
		...(takesTools ? ['tools'] : []),
		...(takesImages ? ['images'] : []),
	];
}
