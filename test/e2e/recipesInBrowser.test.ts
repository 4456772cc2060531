import { importExamples, readExample } from '../../dev/n8n/examples';
import { formOf } from '../../dev/n8n/recipeForms';
import { EditorPage } from './editorPage';
import { makePhotos } from './photos';
import { startN8nWorld, until, type N8nWorld } from './n8nWorld';

/** What somebody sees who has just typed `npm run editor`. */
describe('the recipes in n8n’s editor', () => {
	let world: N8nWorld;
	let editor: EditorPage;
	let first: string;

	beforeAll(async () => {
		world = await startN8nWorld({ photos: await makePhotos(3) });
		first = await importExamples(world.session, world.surroundings, world.credentials);
		editor = await EditorPage.open(world.main.url);
	});
	afterAll(async () => {
		await editor.close();
		await world.stop();
	});

	/** The recipe as n8n keeps it, by its file's name. */
	const imported = async (name: string) => {
		const { name: title } = await readExample(name);
		return (await world.session.workflows()).find((one) => one.name === title)!;
	};

	it('open on the list of workflows, and begin with the first', async () => {
		await editor.goTo('/');
		const cards = editor.page.locator('[data-test-id="workflow-card-name"]');
		await cards.first().waitFor();
		await editor.picture('first-contact');
		expect(new URL(editor.page.url()).pathname).toBe('/home/workflows');
		const titles = (await cards.allInnerTexts()).map((text) => text.trim().split('\n')[0]!);
		expect(titles.slice(0, 3).map((title) => title.split(' – ')[0])).toEqual(['1', '2', '3']);
	});

	it('the first runs with one click', async () => {
		await editor.openWorkflow(first);
		await editor.picture('start-here');
		await editor.part('execute-workflow-button').click();
		await until('it has run', async () => {
			const [run] = await world.session.executions(first);
			return run?.status === 'success';
		});
		await editor.openNode('Replicate');
		await editor.part('output-panel').getByText('image/webp').waitFor();
		await editor.picture('start-here-output');
	});

	/** Opens a recipe and runs it by a click, as often as it takes: n8n hears of nothing before it listens. */
	const click = async (name: string, hasEffect: () => Promise<boolean>) => {
		await editor.openWorkflow((await imported(name)).id);
		await editor.settled();
		const clickOnce = async () => {
			await editor.part('execute-workflow-button').click();
			await until('it has its effect', hasEffect, 15_000);
		};
		await clickOnce().catch(clickOnce);
	};

	it('s3-batch runs with one click', async () => {
		const { s3 } = world.servers!;
		await click('s3-batch', async () => (await s3.list('results')).length === 3);
		const node = editor.page.locator('[data-test-id="canvas-node"][data-node-name="Report"]');
		await node.locator('[data-test-id="canvas-node-status-success"]').waitFor();
		await editor.picture('chain-s3', { x: 140, y: 250, width: 1200, height: 480 });
	});

	it('email-reply: a click sends a mail, and the answer comes', async () => {
		const { mail } = world.servers!;
		await click('email-reply', async () => (await mail.mails('customer')).length > 0);
		await editor.picture('chain-email', { x: 130, y: 100, width: 1200, height: 760 });
	});

	it.each([
		['product-photo', 'Remove Background'],
		['upscale-folder', 'Upscale'],
		['chat', 'Answer'],
		['large-file', 'Transcribe'],
		['thousands-of-rows', 'Draw'],
	])('%s: the panel of "%s" shows what the workflow holds', async (name, nodeName) => {
		const { id } = await imported(name);
		const example = await readExample(name);
		const form = formOf(example.nodes.find((node) => node.name === nodeName)!)!;
		await editor.openWorkflow(id);
		await editor.picture(`canvas-${name}`);
		await editor.openNode(nodeName);
		const shown = form.schema.filter(({ removed }) => !removed);
		const labels = (fields: typeof shown) => fields.map(({ displayName }) => displayName);
		expect(await editor.shownLabels(labels(form.schema))).toEqual(labels(shown));
		for (const { id: input } of shown) {
			const value = form.value?.[input];
			const isExpression = String(value ?? '').startsWith('=');
			if (isExpression) continue;
			expect([input, await editor.inputValue(input)]).toEqual([input, String(value ?? '')]);
		}
		await editor.picture(`recipe-${name}`);
		// Looking at a recipe changes nothing.
		const kept = (
			await world.session.request<{ nodes: typeof example.nodes }>('GET', `/workflows/${id}`)
		).nodes;
		expect(formOf(kept.find((node) => node.name === nodeName)!)).toEqual(form);
	});

	it.each(['llm-chain', 'extract-fields', 'chat-model', 'agent-tools'])(
		'%s: n8n finds no fault in it, and the chat model shows what it is set to',
		async (name) => {
			const { id } = await imported(name);
			const example = await readExample(name);
			const { parameters } = example.nodes.find((node) => node.name === 'Replicate Chat Model')!;
			const { value } = parameters.model as { value: string };
			await editor.openWorkflow(id);
			await editor.picture(`canvas-${name}`);
			expect(await editor.page.locator('[data-test-id="node-issues"]').count()).toBe(0);
			const node = editor.page.locator(
				'[data-test-id="canvas-node"][data-node-name="Replicate Chat Model"]',
			);
			expect(await node.innerText()).toContain(value);
			await editor.openNode('Replicate Chat Model');
			const picker = editor.page.locator('[data-test-id="resource-locator-model"] input').last();
			await until('the model is shown', async () => (await picker.inputValue()) === value);
			await editor.picture(`recipe-${name}`);
		},
	);

	it('hold what n8n itself writes when the model is picked', async () => {
		const example = await readExample('start-here');
		const node = example.nodes.find((one) => one.name === 'Replicate')!;
		const { id } = await world.session.createWorkflow({
			...example,
			name: 'Picked anew',
			nodes: example.nodes.map((one) =>
				one === node
					? {
							...one,
							parameters: {},
							credentials: { replicateApi: world.credentials.replicateApi! },
						}
					: one,
			),
		});
		await editor.openWorkflow(id);
		await editor.openNode('Replicate');
		await editor.searchModels('flux-schnell');
		await editor.pickModel('black-forest-labs/flux-schnell');
		const schema = async () => {
			const { nodes } = await world.session.request<typeof example>('GET', `/workflows/${id}`);
			return formOf(nodes.find((one) => one.name === 'Replicate')!)?.schema ?? [];
		};
		await editor.page.keyboard.press('Escape');
		await editor.page.keyboard.press('Control+s');
		await until('n8n has saved it', async () => (await schema()).length > 0);
		const picked = (await schema()).map(({ removed, ...field }) => [field, removed === true]);
		const exported = formOf(node)!.schema.map(({ removed, ...field }) => [field, removed === true]);
		expect(exported).toEqual(picked);
	});
});
