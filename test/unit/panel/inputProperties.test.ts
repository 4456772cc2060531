import { NodeHelpers, type INodeParameters } from 'n8n-workflow';
import { inputProperties } from '../../../nodes/fields/input';

describe('what the panel shows of a model’s inputs', () => {
	const properties = inputProperties({ operation: ['run'] }, 'getModelInputs', true);
	const shown = (first?: object) => {
		const schema = first ? [first] : [];
		const values = { operation: 'run', inputFields: { schema } } as INodeParameters;
		return properties
			.filter((property) => NodeHelpers.displayParameter(values, property, null, null))
			.map(({ name }) => name);
	};

	it('explains files where the model has some, and needs no rows for them', () => {
		expect(shown({ id: 'image', hasFiles: true })).toEqual([
			'fillExample',
			'inputFields',
			'filesNotice',
			'inputJson',
			'modelInputs',
		]);
	});

	it('says nothing of files where it has none', () => {
		expect(shown({ id: 'prompt' })).toEqual([
			'fillExample',
			'inputFields',
			'inputJson',
			'modelInputs',
		]);
	});

	it.each([
		[true, '={{ $json.model }}'],
		[false, 'owner/name'],
	])('says what the form means where an expression chooses the model: %s', (isSaid, value) => {
		const model = { __rl: true, mode: 'name', value };
		const notice = properties.find(({ name }) => name === 'expressionNotice')!;
		const values = { operation: 'run', target: 'model', model } as INodeParameters;
		expect(NodeHelpers.displayParameter(values, notice, null, null)).toBe(isSaid);
	});

	it('has rows for files where no form is known', () => {
		expect(shown()).toEqual([
			'fillExample',
			'inputFields',
			'inputJson',
			'modelInputs',
			'fileInputs',
		]);
	});

	it('asks nothing of the model where a deployment is run: n8n before 2.0 fails at a text that is missing', () => {
		const notice = properties.find(({ name }) => name === 'expressionNotice')!;
		expect(Object.keys(notice.displayOptions!.show!)).toEqual(['operation', 'target', 'model']);
		const values = { operation: 'run', target: 'deployment' } as INodeParameters;
		expect(NodeHelpers.displayParameter(values, notice, null, null)).toBe(false);
	});

	it('is not emptied by the choice of a version', () => {
		expect(
			properties.find(({ name }) => name === 'inputFields')!.typeOptions?.loadOptionsDependsOn,
		).toEqual(['target', 'model.value', 'deployment.value', 'fillExample']);
	});
});
