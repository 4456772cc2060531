import type { INodeProperties } from 'n8n-workflow';
import { MODEL_SHAPE } from '../../../shared/api/shapes';
import { readPages } from '../../../shared/api/pages';
import { toJson } from '../../../shared/api/json';
import { modelSummary } from '../../../shared/models/describe';
import { limitFields, readLimit } from '../limit';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { simplifyField } from '../simplifyField';

const show = { resource: ['model'], operation: ['getAll'] };

export const description: INodeProperties[] = [
	...limitFields(show),
	simplifyField(show),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Sort By',
				name: 'sortBy',
				type: 'options',
				options: [
					{ name: 'Latest Version', value: 'latest_version_created_at' },
					{ name: 'Model Creation', value: 'model_created_at' },
				],
				default: 'latest_version_created_at',
				description: 'The time by which models are sorted',
			},
			{
				displayName: 'Sort Direction',
				name: 'sortDirection',
				type: 'options',
				options: [
					{ name: 'Newest First', value: 'desc' },
					{ name: 'Oldest First', value: 'asc' },
				],
				default: 'desc',
			},
		],
		displayOptions: { show },
	},
];

/** Lists public models. There are very many: to find one, search. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const option = (name: string) => run.text(`options.${name}`, itemIndex) || undefined;
	const models = await readPages(run.client, '/models', MODEL_SHAPE, readLimit(run, itemIndex), {
		query: { sort_by: option('sortBy'), sort_direction: option('sortDirection') },
		signal: run.signal,
	});
	const isSimple = run.flag('simplify', itemIndex, true);
	return models.map((model) => ({
		json: isSimple ? modelSummary(model) : toJson(model),
	}));
}
