import type { INodeListSearchItems } from 'n8n-workflow';
import type { Model } from '../shared/api/shapes';

/** Characters of a description that an entry shows: n8n shows an entry's name only. */
const DESCRIPTION_LENGTH = 90;

const COMPACT = { notation: 'compact', maximumFractionDigits: 1 } as const;

/** One entry of a model picker: who made it, whether it is official, how much it is used, and what it does. */
export function modelEntry(model: Model): INodeListSearchItems {
	const { owner, name, description, is_official: isOfficial, run_count: runCount } = model;
	const value = `${owner}/${name}`;
	const about = description?.replace(/\s+/g, ' ').trim() ?? '';
	const parts = [
		value,
		isOfficial ? 'official' : '',
		runCount ? `${runCount.toLocaleString('en', COMPACT)} runs` : '',
		about.length > DESCRIPTION_LENGTH ? `${about.slice(0, DESCRIPTION_LENGTH - 1)}…` : about,
	];
	return {
		name: parts.filter((part) => part !== '').join(' · '),
		value,
		description: about,
		url: pageUrl(value),
	};
}

/** A model's page, by `owner/name`. */
export function pageUrl(model: string): string {
	return `https://replicate.com/${model}`;
}
