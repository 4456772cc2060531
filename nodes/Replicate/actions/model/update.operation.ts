import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { modelFields, readModelName } from './fields';
import { pageFields, readPageFields } from './pageFields';

const show = { resource: ['model'], operation: ['update'] };

export const description: INodeProperties[] = [
	...modelFields('update'),
	pageFields(show, ['description', 'githubUrl', 'paperUrl', 'licenseUrl', 'readme', 'weightsUrl']),
];

/** Changes what the page of an own model shows. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const name = readModelName(run, itemIndex);
	const body = readPageFields(run, itemIndex);
	if (Object.keys(body).length === 0) {
		throw new ParameterError('No change was given', 'Add one under Page.');
	}
	const changed = await run.client.patch(`/models/${name}`, body, {
		shape: OBJECT_SHAPE,
		what: `the model "${name}"`,
		signal: run.signal,
	});
	return [{ json: changed }];
}
