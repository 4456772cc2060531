import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import { openClient } from '../../host/host';
import type { Model } from '../../shared/api/shapes';
import { MAX_SEARCH_RESULTS, searchModels as search } from '../../shared/models/catalog';
import { browseDeployments, browseModels } from './modelPicker';

/** Characters of a description that an entry shows: n8n shows an entry's name only. */
const DESCRIPTION_LENGTH = 90;

const runs = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

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
		return { results: found.map(modelEntry) };
	}
	const { recent, models, cursor } = await browseModels(client, paginationToken);
	const known = new Map(models.map((model) => [`${model.owner}/${model.name}`, model]));
	const recentEntries = recent.map((name) => {
		const model = known.get(name);
		known.delete(name);
		const entry = model ? modelEntry(model) : { name, value: name, url: pageUrl(name) };
		return { ...entry, name: `${entry.name} · recently run` };
	});
	return {
		results: [...recentEntries, ...[...known.values()].map(modelEntry)],
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

/** One entry: who made it, whether it is official, how much it is used, and what it does. */
export function modelEntry(model: Model): INodeListSearchItems {
	const { owner, name, description, is_official: isOfficial, run_count: runCount } = model;
	const value = `${owner}/${name}`;
	const about = description?.replace(/\s+/g, ' ').trim() ?? '';
	const parts = [
		value,
		isOfficial ? 'official' : '',
		runCount ? `${runs.format(runCount)} runs` : '',
		about.length > DESCRIPTION_LENGTH ? `${about.slice(0, DESCRIPTION_LENGTH - 1)}…` : about,
	];
	return {
		name: parts.filter((part) => part !== '').join(' · '),
		value,
		description: about,
		url: pageUrl(value),
	};
}

function pageUrl(model: string): string {
	return `https://replicate.com/${model}`;
}
