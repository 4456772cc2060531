import type { INodeProperties } from 'n8n-workflow';
import type { JsonObject } from '../../../shared/api/json';
import type { NodeRun } from '../nodeRun';

type Shown = NonNullable<INodeProperties['displayOptions']>['show'];

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

/** The collection of what a model's page shows. */
export function pageFields(show: Shown, names: string[]): INodeProperties {
	return {
		displayName: 'Page',
		name: 'page',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		options: OPTIONS.filter(({ name }) => names.includes(name)),
		displayOptions: { show },
	};
}

/** The given parts of the page, as the API names them. */
export function readPageFields(run: NodeRun, itemIndex: number): JsonObject {
	const page = run.parameter<JsonObject | null>('page', itemIndex, {});
	const isKnown = (name: string) => Object.hasOwn(API_NAMES, name);
	const entries = Object.entries(page ?? {}).filter(
		([name, value]) => isKnown(name) && value !== null,
	);
	return Object.fromEntries(entries.map(([name, value]) => [API_NAMES[name]!, value]));
}
