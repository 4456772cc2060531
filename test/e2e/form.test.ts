import type { INodeParameters } from 'n8n-workflow';
import { nodeType } from '../../dev/packageName';
import { EditorPage } from './editorPage';
import { inARow, startN8nWorld, until, type N8nWorld } from './n8nWorld';

describe('the model’s form in n8n’s editor', () => {
	let world: N8nWorld;
	let editor: EditorPage;

	beforeAll(async () => {
		world = await startN8nWorld();
		editor = await EditorPage.open(world.main.url);
	});
	afterAll(async () => {
		await editor.close();
		await world.stop();
	});

	const manual = {
		name: 'When clicking ‘Execute workflow’',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		parameters: {},
	};
	const open = async (model: string, parameters: INodeParameters = {}) => {
		const replicate = {
			name: 'Replicate',
			type: nodeType('replicate'),
			typeVersion: 1,
			parameters: {
				model: { __rl: true, mode: 'list', value: model, cachedResultName: model },
				...parameters,
			},
		};
		const workflow = await world.session.createWorkflow(inARow(world, 'Form', [manual, replicate]));
		await editor.openWorkflow(workflow.id);
		await editor.openNode('Replicate');
		await editor.part('mapping-fields-container').waitFor();
		await editor.settled();
	};
	const panel = async () => await editor.part('node-parameters').innerText();

	it('explains files where the model has some, and has no code in their fields', async () => {
		await open('black-forest-labs/flux-fill-pro');
		expect(await editor.inputValue('image')).toBe('');
		expect(await panel()).toContain('Image (required, file)');
		expect(await panel()).toContain('Prompt (required)');
		expect(await panel()).toContain('Another model empties the inputs below.');
		expect(await panel()).toContain('For a file, enter the name of a binary field');
		await editor.picture('form-with-files');
		await open('sandbox/tokens');
		expect(await panel()).not.toContain('For a file, enter the name of a binary field');
		expect(await panel()).not.toContain('File Inputs');
	});

	it.each<[model: string, labels: string[], output: string]>([
		['google/nano-banana', ['Prompt (required)', 'Image Input (files)'], 'image/jpeg'],
		['google/nano-banana-2', ['Prompt (required)', 'Image Input (files)'], 'image/jpeg'],
		['kwaivgi/kling-v3-video', ['Prompt', 'Start Image (file)'], 'video/mp4'],
		[
			'bytedance/seedance-2.0',
			[
				'Prompt (required)',
				'Reference Images (files)',
				'Reference Videos (files)',
				'Reference Audios (files)',
			],
			'video/mp4',
		],
		['openai/gpt-5', ['Prompt', 'Image Input (files)'], 'succeeded'],
		[
			'sandbox/unions',
			['Prompt (required)', 'Image (file)', 'Images (files)', 'Reference (file or files)'],
			'succeeded',
		],
	])('shows %s, a model of today', async (model, labels, output) => {
		await open(model);
		expect(await editor.shownLabels(labels)).toEqual(labels);
		expect(await panel()).not.toMatch(/undefined|\bnull\b|\[object/);
		await editor.picture(`form-${model.split('/')[1]}`);
		await editor.fillInput('prompt', 'a fox');
		await editor.executeStep();
		await editor.part('output-panel').getByText(output).first().waitFor();
		expect(world.sandbox.predictions.all.at(-1)!.input).toMatchObject({ prompt: 'a fox' });
	});

	it('takes objects and lists of objects as JSON', async () => {
		await open('sandbox/storyboard');
		const labels = ['Scenes (required, list)'];
		expect(await editor.shownLabels(labels)).toEqual(labels);
		await editor.fillInput('scenes', '[{ "prompt": "rain", "seconds": "2" }]');
		await editor.executeStep();
		await editor.part('output-panel').getByText('succeeded').first().waitFor();
		expect(world.sandbox.predictions.all.at(-1)!.input).toEqual({
			scenes: [{ prompt: 'rain', seconds: 2 }],
		});
		await editor.picture('form-storyboard');
	});

	it('has room for a prompt of many lines, which reaches the model as it was typed', async () => {
		await open('sandbox/tokens');
		await editor.fillInput('prompt', 'one line,\nand another');
		await editor.picture('form-lines');
		await editor.executeStep();
		await editor.part('output-panel').getByText('succeeded').first().waitFor();
		expect(world.sandbox.predictions.all.at(-1)!.input).toEqual({
			prompt: 'one line,\nand another',
		});
	});

	it('begins with the example where that is switched on, and empties it again', async () => {
		await open('black-forest-labs/flux-schnell');
		const flip = async () => {
			await editor.part('parameter-input-fillExample').locator('.el-switch').first().click();
			await editor.settled();
		};
		expect(await panel()).not.toContain('black forest gateau cake');
		await flip();
		await editor.part('node-parameters').getByText('black forest gateau cake').first().waitFor();
		await editor.picture('form-example');
		await flip();
		await until('the form is empty', async () => !(await panel()).includes('black forest gateau'));
	});

	it('shows the example, and what a prediction has cost, at the node', async () => {
		const { predictions } = world.sandbox;
		const inputJson = '{ "prompt": "a red fox in the snow" }';
		const run = async (options: INodeParameters) => {
			await open('black-forest-labs/flux-schnell', { inputJson, options });
			await editor.executeStep();
			await editor.part('output-panel').getByText('image/webp').first().waitFor();
			return await editor.part('output-panel').innerText();
		};
		const before = predictions.all.length;
		expect(await run({ manualRuns: 'example' })).toContain(
			'This is the example from the model’s page. Nothing was created or paid.',
		);
		expect(predictions.all).toHaveLength(before);
		await editor.picture('spending-example');
		const prices = { values: [{ unit: 'image', price: 0.003 }] };
		expect(await run({ maxSpending: 1, prices } as INodeParameters)).toContain('cost $0.003');
		expect(predictions.all).toHaveLength(before + 1);
		await editor.picture('spending-cost');
	});

	it('keeps the additional inputs when the model is changed', async () => {
		await open('sandbox/tokens', { inputJson: '{"max_tokens": 7}' });
		await editor.searchModels('flux schnell');
		await editor.pickModel('black-forest-labs/flux-schnell');
		await editor.settled();
		expect(await editor.part('parameter-input-inputJson').innerText()).toContain('"max_tokens": 7');
		await editor.picture('form-changed');
	});

	it('keeps what was typed when a version is chosen', async () => {
		await open('sandbox/slow');
		await editor.fillInput('label', 'typed by hand');
		await editor.part('collection-parameter-add').scrollIntoViewIfNeeded();
		await editor.part('collection-parameter-add').click();
		await editor.page.getByText('Version Name or ID', { exact: true }).first().click();
		await editor.settled();
		await editor.part('parameter-input-version').locator('input').first().click();
		await editor.page
			.getByText(/^2026-01-01/)
			.first()
			.click();
		await editor.settled();
		await editor.picture('form-version');
		expect(await editor.inputValue('label')).toBe('typed by hand');
	});
});
