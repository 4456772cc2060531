import { copyFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSamples } from '../../examples/samples';
import type { SavedWorkflow } from '../../dev/n8n/session';
import { EditorPage } from './editorPage';
import { nodeType } from '../../dev/packageName';
import { called, example, inARow, startN8nWorld, until, type N8nWorld } from './n8nWorld';

describe('the nodes in n8n’s editor', () => {
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
	const replicate = (parameters = {}) => ({
		name: 'Replicate',
		type: nodeType('replicate'),
		typeVersion: 1,
		parameters,
	});

	describe('the panel of nodes', () => {
		let workflow: SavedWorkflow;
		beforeAll(async () => {
			workflow = await world.session.createWorkflow(inARow(world, 'Empty', [manual]));
			await editor.openWorkflow(workflow.id);
		});

		it.each([
			'replicate',
			'flux',
			'remove background',
			'text to speech',
			'generate image',
			'music',
			'photo',
		])('finds the node by "%s"', async (words) => {
			expect(await editor.searchNodes(words)).toContain('Replicate');
			const name = `panel-${words.replaceAll(' ', '-')}`;
			await editor.picture(name, { x: 1015, y: 64, width: 385, height: 300 });
		});

		it('says what both nodes do', async () => {
			await editor.searchNodes('replicate');
			await editor.page
				.getByText(/^Run AI models on Replicate.*or start a workflow when/)
				.first()
				.waitFor();
		});

		it('lists its operations in words, "Run a model" first', async () => {
			await editor.searchNodes('replicate');
			await editor.page.locator('[data-test-id="node-creator-item-name"]').first().click();
			for (const action of ['Search models', 'Upload a file']) {
				await editor.page.getByText(action, { exact: true }).first().waitFor();
			}
			await editor.picture('panel-actions');
			const listed = await editor.part('node-creator').innerText();
			const actions = listed
				.split(/actions \(\d+\)/i)[1]!
				.split('\n')
				.filter(Boolean);
			expect(actions.map((line) => line.trim()).slice(0, 2)).toEqual([
				expect.stringMatching(/^prediction actions$/i),
				'Run a model',
			]);
			await editor
				.part('node-creator')
				.getByText(/^Triggers/)
				.first()
				.click();
			await editor.page.getByText('On prediction or training failed').first().waitFor();
			await editor.page
				.getByText('On prediction or training failed')
				.first()
				.scrollIntoViewIfNeeded();
			await editor.picture('panel-triggers');
		});

		it('lists it among the AI nodes', async () => {
			await editor.openWorkflow(workflow.id);
			await editor.part('node-creator-plus-button').click();
			await editor.part('node-creator').getByText('AI', { exact: true }).first().click();
			await editor.settled();
			const listed = editor.page.locator('[data-test-id="node-creator-item-name"]');
			expect(await listed.allTextContents()).toContain('Replicate');
			await listed.getByText('Replicate', { exact: true }).scrollIntoViewIfNeeded();
			await editor.picture('panel-ai');
		});
	});

	describe('the node', () => {
		beforeAll(async () => {
			const samples = await makeSamples(join(tmpdir(), 'n8n-e2e-samples'));
			await copyFile(samples.photo, join(world.filesFolder, 'photo.jpg'));
			const photo = {
				name: 'Photo',
				type: 'n8n-nodes-base.readWriteFile',
				typeVersion: 1,
				parameters: {
					operation: 'read',
					fileSelector: join(world.filesFolder, 'photo.jpg'),
					options: {},
				},
			};
			const workflow = await world.session.createWorkflow(
				inARow(world, 'Product photos', [manual, photo, replicate()]),
			);
			await editor.openWorkflow(workflow.id);
			await editor.openNode('Replicate');
		});

		it('finds models by what they do', async () => {
			const found = await editor.searchModels('upscale');
			expect(found.length).toBeGreaterThan(5);
			expect(found.join()).toMatch(/philz1337x\/clarity-upscaler/);
			await editor.picture('model-search', { x: 490, y: 380, width: 420, height: 340 });
		});

		it('shows the form of the model that was picked', async () => {
			await editor.pickModel('philz1337x/clarity-upscaler');
			await editor.settled();
			const labels = await editor.part('mapping-fields-container').innerText();
			expect(labels).toMatch(/Image \(required, file\)[^]*Prompt[^]*Mask \(file\)/);
		});

		it('runs with the item’s only file, and shows the picture that comes back', async () => {
			await editor.executeStep();
			const output = editor.part('output-panel');
			await output.getByText('image/png').waitFor({ timeout: 60_000 });
			await editor.settled();
			await editor.picture('model-form', { x: 25, y: 20, width: 1350, height: 860 });
			await output.locator('[data-test-id="ndv-view-binary-data"]').first().click();
			const preview = output.locator('img').first();
			await preview.waitFor();
			const width = await preview.evaluate((image) => (image as unknown as Sized).naturalWidth);
			expect(width).toBeGreaterThan(100);
			await editor.picture('preview', { x: 10, y: 20, width: 1380, height: 850 });
			const { input } = world.sandbox.predictions.all.at(-1)!;
			expect(input.image).toMatch(/\/v1\/files\//);
		});
	});

	it('the fields of an operation can be dragged before it has run', async () => {
		const workflow = await world.session.createWorkflow(
			inARow(world, 'Fields', [
				manual,
				replicate({
					model: { __rl: true, mode: 'name', value: 'openai/gpt-4o-mini' },
					inputJson: '{ "prompt": "What is a lamp?" }',
				}),
				{ name: 'Edit Fields', type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters: {} },
			]),
		);
		const before = world.sandbox.predictions.all.length;
		await editor.openWorkflow(workflow.id);
		await editor.openNode('Edit Fields');
		const field = (name: string) => editor.part('ndv-input-panel').locator(`[data-name="${name}"]`);
		await field('text').first().waitFor();
		await editor.settled();
		const shown = await editor.page.locator('[data-test-id="ndv-input-panel"] [data-name]').all();
		const names = await Promise.all(shown.map(async (one) => await one.getAttribute('data-name')));
		expect(names).toEqual(
			expect.arrayContaining(['text', 'output', 'files', 'id', 'status', 'model']),
		);
		await editor.drag(field('text').first(), editor.part('assignment-collection-drop-area'));
		await editor.drag(field('id').first(), editor.part('assignment-collection-drop-area'));
		await editor.picture('fields-before-run');
		const values = editor.page.locator('[data-test-id="assignment-value"]');
		expect(await values.allInnerTexts()).toEqual([
			expect.stringContaining('{{ $json.text }}'),
			expect.stringContaining('{{ $json.id }}'),
		]);
		expect(world.sandbox.predictions.all).toHaveLength(before);
		await editor.executeStep();
		await until('it has run', () => world.sandbox.predictions.all.length > before);
		const created = world.sandbox.predictions.all.at(-1);
		await editor.part('output-panel').getByText(created!.id).first().waitFor();
		await editor.part('output-panel').getByText('You said').first().waitFor();
	});

	describe('wrong inputs', () => {
		const opened = async (parameters: object) => {
			const workflow = await world.session.createWorkflow(
				inARow(world, 'Wrong', [manual, replicate(parameters)]),
			);
			await editor.openWorkflow(workflow.id);
			await editor.openNode('Replicate');
			await editor.settled();
		};
		const model = { __rl: true, mode: 'list', value: 'black-forest-labs/flux-1.1-pro' };

		it('a required one that is empty is named in the output panel, and nothing is sent', async () => {
			await opened({ model });
			const posts = () => world.sandbox.requests.filter(({ method }) => method === 'POST').length;
			const before = posts();
			await editor.executeStep();
			await editor.part('node-error-message').getByText('The input "prompt" is required').waitFor();
			await editor.picture('required');
			expect(posts()).toBe(before);
		});

		it('one outside its limits is named in the output panel, and nothing is paid', async () => {
			await opened({
				model,
				inputFields: { mappingMode: 'defineBelow', value: { prompt: 'A cat', width: 4000 } },
			});
			const before = world.sandbox.predictions.all.length;
			await editor.executeStep();
			await editor
				.part('node-error-message')
				.getByText('The input "width" must be from 256 to 1440, and is 4000')
				.waitFor();
			await editor.picture('out-of-range', { x: 905, y: 70, width: 475, height: 280 });
			expect(world.sandbox.predictions.all).toHaveLength(before);
		});

		it('no model is marked before the run', async () => {
			await opened({});
			await editor.executeStep();
			await editor.page.getByText('Workflow execution cannot start').first().waitFor();
			await editor.picture('no-model');
		});
	});

	it('the trigger shows its URLs, and says what to do with them', async () => {
		const trigger = {
			name: 'Replicate Trigger',
			type: nodeType('replicateTrigger'),
			typeVersion: 1,
			webhookId: 'replicate-notify',
			parameters: {},
		};
		const workflow = await world.session.createWorkflow(inARow(world, 'Notify', [trigger]));
		await editor.openWorkflow(workflow.id);
		await editor.openNode('Replicate Trigger');
		await editor.page.getByText('Webhook URLs').first().click();
		await editor.page.getByText('Production URL', { exact: true }).first().click();
		await editor.page
			.getByText(`${world.main.url}/webhook/replicate-notify/webhook`)
			.first()
			.waitFor();
		const panel = editor.part('ndv');
		await panel.getByText('Start a workflow when a prediction or training has ended').waitFor();
		await panel.getByText('When will this node trigger my flow?').click();
		await panel.getByText('run a model with this trigger’s test URL').first().waitFor();
		await editor.picture('trigger-panel');
		expect(await panel.innerText()).not.toMatch(/event (?:happen )?in Replicate|create an event/i);
		await editor.picture('trigger', { x: 490, y: 70, width: 420, height: 730 });
	});

	it('the canvas names the model, and says what a suspended node waits for', async () => {
		const model = { __rl: true, mode: 'name', value: 'sandbox/slow' };
		const workflow = await world.session.createWorkflow(
			inARow(world, 'Slow', [
				manual,
				replicate({ model, waitFor: 'callback', options: { timeout: 60 } }),
				{ ...replicate({ operation: 'getAll' }), name: 'List' },
			]),
		);
		// No prediction ends before the picture is taken.
		const { boot } = world.sandbox.predictions;
		let release = () => {};
		const gate = new Promise<void>((resolve) => (release = resolve));
		world.sandbox.predictions.boot = async () => await gate;
		try {
			await editor.openWorkflow(workflow.id);
			const node = (name: string) =>
				editor.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
			expect(await node('Replicate').innerText()).toContain('sandbox/slow');
			expect(await node('List').innerText()).toContain('getAll: prediction');
			await editor.part('execute-workflow-button').click();
			await editor.openNode('Replicate');
			await editor.part('output-panel').getByText('Suspended until Replicate calls back').waitFor();
			await editor.picture('suspended');
		} finally {
			world.sandbox.predictions.boot = boot;
			release();
		}
	});

	it('the browser’s console shows how far a prediction is', async () => {
		const lines: string[] = [];
		editor.page.on('console', (message) => lines.push(message.text()));
		const model = { __rl: true, mode: 'name', value: 'sandbox/slow' };
		const get = { operation: 'get', predictionId: '={{ $json.id }}', waitUntilFinished: true };
		const workflow = await world.session.createWorkflow(
			inARow(world, 'Progress', [
				manual,
				replicate({ model, waitFor: 'nothing', inputJson: '{ "seconds": 6 }' }),
				{ ...replicate(get), name: 'Get' },
			]),
		);
		await editor.openWorkflow(workflow.id);
		await editor.part('execute-workflow-button').click();
		await until('it is shown', () => lines.some((line) => /\d+ ?%/.test(line)));
		expect(lines.join('\n')).toMatch(/\[Node: "Get"\][^]*\d+ % done/);
	});

	it('an example shows its notes on the canvas, and what it did', async () => {
		const workflow = await example(world, 'product-photo');
		await world.session.activate(workflow);
		const form = new FormData();
		form.append(
			'Photo',
			new Blob([await readFile(join(world.filesFolder, 'photo.jpg'))]),
			'shoe.jpg',
		);
		expect((await called(`${world.main.url}/webhook/product-photo`, form)).status).toBe(200);
		await editor.openWorkflow(workflow.id);
		await editor.settled();
		expect(await editor.page.locator('[data-test-id="sticky"]').count()).toBe(3);
		await editor.picture('example', { x: 110, y: 130, width: 1220, height: 650 });
	});
});

/** What is asked of a picture in the page. */
interface Sized {
	naturalWidth: number;
}
