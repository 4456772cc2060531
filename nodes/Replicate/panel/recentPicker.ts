import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import { openClient } from '../../host/host';
import { nextQuery } from '../../shared/api/pages';
import { textOf, type JsonObject } from '../../shared/api/json';
import { OBJECT_SHAPE, pageOf } from '../../shared/api/shape';

/** The account's predictions, the newest first. */
export async function searchPredictions(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await recent(this, '/predictions', jobEntry, filter, paginationToken);
}

/** The account's trainings, the newest first. */
export async function searchTrainings(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await recent(this, '/trainings', jobEntry, filter, paginationToken);
}

/** The account's stored files, the newest first. */
export async function searchFiles(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await recent(this, '/files', fileEntry, filter, paginationToken);
}

async function recent(
	context: ILoadOptionsFunctions,
	path: string,
	toEntry: (one: JsonObject) => INodeListSearchItems,
	filter = '',
	cursor = '{}',
): Promise<INodeListSearchResult> {
	const client = await openClient(context);
	const { results, next } = await client.get(path, {
		shape: pageOf(OBJECT_SHAPE),
		query: JSON.parse(cursor) as Record<string, string>,
	});
	const words = filter.trim().toLowerCase();
	const query = nextQuery(next);
	return {
		results: results
			.map(toEntry)
			.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(words)),
		paginationToken: query && JSON.stringify(query),
	};
}

function jobEntry({ id, model, status, created_at: createdAt }: JsonObject): INodeListSearchItems {
	const value = textOf(id);
	return {
		name: joined(textOf(model) || value, textOf(status), timeOf(createdAt)),
		value,
		url: `https://replicate.com/p/${value}`,
	};
}

function fileEntry({ id, name, size, created_at: createdAt }: JsonObject): INodeListSearchItems {
	const megabytes = Number(size) / 1_000_000;
	const shown = megabytes.toLocaleString('en', { maximumSignificantDigits: 2 });
	return {
		name: joined(
			textOf(name) || textOf(id),
			Number.isFinite(megabytes) ? `${shown} MB` : '',
			timeOf(createdAt),
		),
		value: textOf(id),
	};
}

/** A moment, and not an age: n8n keeps the text of the chosen entry. */
function timeOf(createdAt: unknown): string {
	const time = new Date(textOf(createdAt));
	return Number.isNaN(time.getTime())
		? ''
		: `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function joined(...parts: string[]): string {
	return parts.filter((part) => part !== '').join(' · ');
}
