import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { modelEntry, officialMark, pageUrl } from '../../fields/modelEntry';
import { openClient } from '../../host/host';
import { MAX_SEARCH_RESULTS, searchModels as search } from '../../shared/models/catalog';
import { browseDeployments, browseModels } from './modelPicker';

/** Marks a model that the account ran lately. */
const RECENT = 'recent';

/** The entries of the model picker: what was searched for, or a first page to choose from. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const client = await openClient(this);
	const words = filter?.trim() ?? '';
	if (words !== '') {
		const found = await search(client, words, MAX_SEARCH_RESULTS);
		return { results: found.map((model) => modelEntry(model, officialMark(model))) };
	}
	const { recent, models, cursor } = await browseModels(client, paginationToken);
	const known = new Map(models.map((model) => [`${model.owner}/${model.name}`, model]));
	const recentEntries = recent.map((name) => {
		const model = known.get(name);
		known.delete(name);
		if (model) return modelEntry(model, [RECENT]);
		return { name: `${name} · ${RECENT}`, value: name, url: pageUrl(name) };
	});
	// All of the first page are official. After it come all public models.
	const marksOf = paginationToken === undefined ? () => [] : officialMark;
	return {
		results: [
			...recentEntries,
			...[...known.values()].map((model) => modelEntry(model, marksOf(model))),
		],
		paginationToken: cursor,
	};
}

/** The entries of the deployment picker. */
export async function searchDeployments(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const client = await openClient(this);
	const { deployments, cursor } = await browseDeployments(client, paginationToken);
	const words = filter?.trim().toLowerCase() ?? '';
	const results = deployments
		.map(({ owner, name, current_release: release }) => ({
			name: release ? `${owner}/${name} · ${release.model}` : `${owner}/${name}`,
			value: `${owner}/${name}`,
			url: `https://replicate.com/deployments/${owner}/${name}`,
		}))
		.filter(({ name }) => name.toLowerCase().includes(words));
	return { results, paginationToken: cursor };
}
