import type { INodeListSearchItems } from 'n8n-workflow';
import type { Model } from '../shared/api/shapes';

/** Characters of a description that an entry shows: n8n shows an entry's name only. */
const DESCRIPTION_LENGTH = 90;

const COMPACT = { notation: 'compact', maximumFractionDigits: 1 } as const;

/**
 * One entry of a model picker: its name, what it does, and last how much it is used. n8n shows the whole
 * text also after the choice, so the name is first.
 *
 * @param marks what else helps to choose, such as "official"; only where the list is mixed
 */
export function modelEntry(model: Model, marks: string[] = []): INodeListSearchItems {
	const { owner, name, description, run_count: runCount } = model;
	const value = `${owner}/${name}`;
	const about = description?.replace(/\s+/g, ' ').trim() ?? '';
	const parts = [
		value,
		about.length > DESCRIPTION_LENGTH ? `${about.slice(0, DESCRIPTION_LENGTH - 1)}…` : about,
		...marks,
		runCount ? `${runCount.toLocaleString('en', COMPACT)} runs` : '',
	];
	return {
		name: parts.filter((part) => part !== '').join(' · '),
		value,
		description: about,
		url: pageUrl(value),
	};
}

/** "official" for a model that Replicate keeps running. */
export function officialMark({ is_official: isOfficial }: Model): string[] {
	return isOfficial ? ['official'] : [];
}

/** A model's page, by `owner/name`. */
export function pageUrl(model: string): string {
	return `https://replicate.com/${model}`;
}
