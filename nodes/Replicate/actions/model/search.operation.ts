import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import { toJson } from '../../../shared/api/json';
import { searchModels } from '../../../shared/models/catalog';
import { modelSummary } from '../../../shared/models/describe';
import { limitField, readLimit } from '../limit';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { simplifyField } from '../simplifyField';

const show = { resource: ['model'], operation: ['search'] };

export const description: INodeProperties[] = [
	{
		displayName: 'Query',
		name: 'query',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. upscale photos',
		description: 'What the model should do, or a part of its name',
		displayOptions: { show },
	},
	limitField(show, 'Replicate gives 50 at most'),
	simplifyField(show),
];

/** Finds models by words, the best first. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const query = run.text('query', itemIndex).trim();
	if (query === '') {
		throw new ParameterError(
			'No query was given',
			'Write what the model should do, for example: upscale',
		);
	}
	const models = await searchModels(run.client, query, readLimit(run, itemIndex), run.signal);
	const isSimple = run.flag('simplify', itemIndex, true);
	return models.map((model) => ({
		json: isSimple ? modelSummary(model) : toJson(model),
	}));
}
