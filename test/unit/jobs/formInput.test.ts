import { readInput, type ItemSource } from '../../../nodes/jobs/input/input';
import type { ModelInput } from '../../../nodes/shared/schema/modelInputs';

describe('a form that takes the item’s fields by their names', () => {
	const from: ItemSource = {
		parameter: (name) =>
			name === 'inputFields' ? { mappingMode: 'autoMapInputData', value: null } : '{}',
		json: { text: 'a fox' },
	};
	const inputs = [{ name: 'prompt' }] as ModelInput[];

	it('is refused where none of them is an input', () => {
		expect(() => readInput(from, inputs)).toThrow(
			'Inputs takes the item’s fields by their names, and none of them is an input of the model',
		);
	});

	it('is refused where nobody knows the inputs', () => {
		expect(() => readInput(from, undefined)).toThrow(
			'Inputs takes the item’s fields by their names, and the model’s inputs are not known',
		);
	});
});
