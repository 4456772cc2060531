import type { SavedWorkflow } from '../../dev/n8n/session';
import { chatModel, llmChain, MANUAL, saved } from './chatWorkflows';
import { EditorPage } from './editorPage';
import { example, startN8nWorld, until, type N8nWorld } from './n8nWorld';

const CLAUDE = 'anthropic/claude-4-sonnet';
const REPLY =
	'A good lamp for the dark half of the year is bright enough to see the road by, and not so bright that it blinds those who come towards you. Look for thirty lux or more, a battery that lasts for a week of rides, and a mount that does not turn on a bumpy road. A lamp with a dynamo never runs empty, and costs more.';

describe('the Replicate Chat Model in n8n’s editor', () => {
	let world: N8nWorld;
	let editor: EditorPage;
	let workflow: SavedWorkflow;

	beforeAll(async () => {
		world = await startN8nWorld();
		workflow = await example(world, 'chat-model');
		editor = await EditorPage.open(world.main.url);
	});
	afterEach(() => world.sandbox.language.forget());
	afterAll(async () => {
		await editor.close();
		await world.stop();
	});

	it('is offered where a chain wants a model', async () => {
		const { id } = await saved(world, [MANUAL, llmChain('Hello')], {});
		await editor.openWorkflow(id);
		const plus = editor.page.locator(
			'[data-test-id="canvas-node-input-handle"][data-connection-type="ai_languageModel"] [data-test-id="canvas-handle-plus"]',
		);
		await plus.first().click();
		await editor.page.locator('[data-test-id="node-creator-search-bar"]').waitFor();
		expect(await editor.searchNodes('replicate')).toEqual(['Replicate Chat Model']);
		await editor.picture('chat-model-panel');
	});

	it('its list has language models only, official ones first', async () => {
		await editor.openWorkflow(workflow.id);
		await editor.openNode('Replicate Chat Model');
		await editor.searchModels('');
		const items = editor.page.locator('[data-test-id="rlc-item"]');
		// n8n shows the chosen one at once, and the others when they have come.
		await items.nth(1).waitFor();
		const shown = await items.allTextContents();
		const names = shown.map((text) => text.trim().split(' ')[0]);
		expect(names).toEqual(
			expect.arrayContaining(['openai/gpt-4o-mini', CLAUDE, 'meta/meta-llama-3-8b-instruct']),
		);
		const others = ['black-forest-labs/flux-schnell', 'lucataco/remove-bg', 'cjwbw/rembg'];
		expect(names.filter((name) => others.includes(name!))).toEqual([]);
		const isOfficial = shown.map((text) => text.includes(' · official'));
		// n8n shows the chosen one, which is official, before all others.
		expect(isOfficial.lastIndexOf(true)).toBeLessThan(isOfficial.indexOf(false));
		await editor.page.keyboard.type('llama');
		await editor.settled();
		const found = await items.allTextContents();
		expect(found.map((text) => text.trim().split(' ')[0])).toEqual(
			expect.arrayContaining(['meta/meta-llama-3-8b-instruct', 'meta/meta-llama-3-70b-instruct']),
		);
		await editor.picture('chat-model', { x: 490, y: 70, width: 420, height: 480 });
	});

	it('a chat: the answer grows while the model writes it', async () => {
		const { language, predictions } = world.sandbox;
		language.pace = 150;
		language.say(CLAUDE, REPLY);
		await editor.openWorkflow(workflow.id);
		await editor.part('workflow-chat-button').click();
		const input = editor.page.locator('[data-test-id="chat-input"]');
		await input.waitFor();
		await editor.settled();
		// The panel's upper edge, so that question and answer fit in.
		const { mouse } = editor.page;
		await mouse.move(700, 630);
		await mouse.down();
		await mouse.move(700, 420, { steps: 5 });
		await mouse.up();
		await input.fill('Which lamp is good for the winter?');
		await input.press('Enter');
		// While the model writes, the last one is that with the moving dots.
		const answer = editor.page.locator('.chat-message-from-bot').first();
		const lengths = new Set<number>();
		const textNow = async () => ((await answer.isVisible()) ? await answer.innerText() : '');
		await until('the answer has begun', async () => (await textNow()).startsWith('A good lamp'));
		await editor.picture('chat-stream', { x: 42, y: 110, width: 980, height: 790 });
		await until('the answer is whole', async () => {
			const text = await textNow();
			if (text !== '') lengths.add(text.length);
			return text.includes('costs more.');
		});
		expect((await textNow()).replace(/\s+/g, ' ')).toContain(REPLY);
		expect(lengths.size).toBeGreaterThan(2);
		expect(predictions.all).toHaveLength(1);
		await editor.picture('chat-whole');
	});

	it('the canvas names the model, and shows what it used', async () => {
		const nodes = [MANUAL, llmChain('What is a lamp?')];
		const { id } = await saved(world, nodes, { ai_languageModel: [chatModel(CLAUDE)] });
		await editor.openWorkflow(id);
		const node = editor.page.locator('[data-test-id="canvas-node"][data-node-name="Model"]');
		expect(await node.innerText()).toContain(CLAUDE);
		await editor.part('execute-workflow-button').click();
		await until('it has run', async () => {
			const [run] = await world.session.executions(id);
			return run?.status === 'success';
		});
		await editor.openNode('Model');
		await editor.part('output-panel').getByText('You said').first().waitFor();
		await editor.picture('chat-model-output');
	});
});
