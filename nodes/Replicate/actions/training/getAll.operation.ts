import type { INodeProperties } from 'n8n-workflow';
import { PREDICTION_SHAPE } from '../../../shared/api/shapes';
import { readPages } from '../../../shared/api/pages';
import { limitFields, readLimit } from '../limit';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { simplifyField } from '../simplifyField';
import { trainingJson } from './get.operation';

const show = { resource: ['training'], operation: ['getAll'] };

export const description: INodeProperties[] = [...limitFields(show), simplifyField(show)];

/** Lists the account's trainings, newest first. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const limit = readLimit(run, itemIndex);
	const options = { signal: run.signal };
	const trainings = await readPages(run.client, '/trainings', PREDICTION_SHAPE, limit, options);
	const isSimple = run.flag('simplify', itemIndex, true);
	return trainings.map((training) => ({ json: trainingJson(training, isSimple) }));
}
