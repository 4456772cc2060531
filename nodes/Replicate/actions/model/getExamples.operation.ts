import type { INodeProperties } from 'n8n-workflow';
import { PREDICTION_SHAPE } from '../../../shared/api/shapes';
import { readPages } from '../../../shared/api/pages';
import { toJson } from '../../../shared/api/json';
import { simplified } from '../../../shared/predictions/simplify';
import { limitFields, readLimit } from '../limit';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { simplifyField } from '../simplifyField';
import { modelFields, readModelName } from './fields';

const show = { resource: ['model'], operation: ['getExamples'] };

export const description: INodeProperties[] = [
	...modelFields('getExamples'),
	...limitFields(show),
	simplifyField(show),
];

/** Lists the predictions that a model's owner shows as examples, with their inputs. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const name = readModelName(run, itemIndex);
	const examples = await readPages(
		run.client,
		`/models/${name}/examples`,
		PREDICTION_SHAPE,
		readLimit(run, itemIndex),
		{ what: `the model "${name}"`, signal: run.signal },
	);
	const isSimple = run.flag('simplify', itemIndex, true);
	return examples.map((example) => ({
		json: isSimple
			? { ...simplified(example, { files: [], binary: {} }), input: example.input ?? {} }
			: toJson(example),
	}));
}
