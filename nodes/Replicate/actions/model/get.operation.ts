import type { INodeProperties } from 'n8n-workflow';
import { MODEL_SHAPE } from '../../../shared/api/shapes';
import { toJson } from '../../../shared/api/json';
import { modelDetails } from '../../../shared/models/describe';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { simplifyField } from '../simplifyField';
import { modelFields, readModelName } from './fields';

export const description: INodeProperties[] = [
	...modelFields('get'),
	simplifyField({ resource: ['model'], operation: ['get'] }),
];

/** Reads a model with its inputs: their names, types, limits, choices and descriptions. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const name = readModelName(run, itemIndex);
	const model = await run.client.get(`/models/${name}`, {
		shape: MODEL_SHAPE,
		what: `the model "${name}"`,
		signal: run.signal,
	});
	const isSimple = run.flag('simplify', itemIndex, true);
	return [{ json: isSimple ? modelDetails(model) : toJson(model) }];
}
