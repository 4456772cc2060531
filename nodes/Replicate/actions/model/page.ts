import type { INodeProperties } from 'n8n-workflow';
import { valueField, type ParameterSource, type Shown } from '../../../fields/field';
import { isNested } from '../../../shared/api/json';
import type { JsonObject } from '../../../shared/api/json';

/** What a model's page shows, by the names of the API. */
const API_NAMES: Record<string, string> = {
	coverImageUrl: 'cover_image_url',
	description: 'description',
	githubUrl: 'github_url',
	licenseUrl: 'license_url',
	paperUrl: 'paper_url',
	readme: 'readme',
	weightsUrl: 'weights_url',
};

const OPTIONS: INodeProperties[] = [
	{ displayName: 'Cover Image URL', name: 'coverImageUrl', type: 'string', default: '' },
	{ displayName: 'Description', name: 'description', type: 'string', default: '' },
	{ displayName: 'GitHub URL', name: 'githubUrl', type: 'string', default: '' },
	{ displayName: 'License URL', name: 'licenseUrl', type: 'string', default: '' },
	{ displayName: 'Paper URL', name: 'paperUrl', type: 'string', default: '' },
	{
		displayName: 'README',
		name: 'readme',
		type: 'string',
		typeOptions: { rows: 6 },
		default: '',
		description: 'The text of the model’s page, as Markdown',
	},
	{ displayName: 'Weights URL', name: 'weightsUrl', type: 'string', default: '' },
];

const page = valueField({
	displayName: 'Page',
	name: 'page',
	type: 'collection',
	placeholder: 'Add field',
	default: {},
	options: OPTIONS,
});

/** The collection of what a model's page shows. */
export function pageProperty(show: Shown, names: string[]): INodeProperties {
	return { ...page.at(show), options: OPTIONS.filter(({ name }) => names.includes(name)) };
}

/** The given parts of the page, as the API names them. */
export function readPage(from: ParameterSource): JsonObject {
	const given = page.read(from);
	const isKnown = (name: string) => Object.hasOwn(API_NAMES, name);
	const entries = Object.entries(isNested(given) ? given : {}).filter(
		([name, value]) => isKnown(name) && value !== null,
	);
	return Object.fromEntries(
		entries.map(([name, value]) => [API_NAMES[name]!, value as JsonObject[string]]),
	);
}
