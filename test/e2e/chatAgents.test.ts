import type { INodeParameters, IRunExecutionData } from 'n8n-workflow';
import type { WorkflowFile } from '../../dev/n8n/session';
import type { SandboxPrediction } from '../../dev/sandbox/predictions';
import {
	agent,
	aiNode,
	chatModel,
	errorOf,
	MANUAL,
	saved,
	textOf,
	type NewNode,
} from './chatWorkflows';
import {
	allEnded,
	called,
	example,
	executed,
	given,
	startN8nWorld,
	until,
	type N8nWorld,
} from './n8nWorld';

const GPT = 'openai/gpt-4o-mini';
const CLAUDE = 'anthropic/claude-4-sonnet';
const STRUCTURED = 'openai/gpt-5-structured';

/** n8n's AI Agent and its chats, with the chat model as their model. */
describe('agents and chats on the Replicate Chat Model, in a complete n8n', () => {
	let world: N8nWorld;

	beforeAll(async () => {
		world = await startN8nWorld();
	});
	afterEach(() => world.sandbox.language.forget());
	afterAll(async () => await world.stop());

	const imported = async (name: string, change?: (workflow: WorkflowFile) => void) =>
		await example(world, name, change);
	const createdSince = (before: number) => world.sandbox.predictions.all.slice(before);

	const calculator = aiNode('Calculator', 'toolCalculator', 1);
	const prices = aiNode('Prices', 'toolCode', 1.3, {
		description: 'Gives the price of an article in euros',
		jsCode: 'return `${query.article}: 24.50 euros`;',
		specifyInputSchema: true,
		jsonSchemaExample: '{ "article": "lamp" }',
	});

	/** Runs an agent with two tools, and gives what was paid for. */
	const run = async (
		model: string,
		text: string,
		options: INodeParameters = {},
		agentSettings: Partial<NewNode> = {},
	): Promise<{ data: IRunExecutionData; output: unknown; created: SandboxPrediction[] }> => {
		const before = world.sandbox.predictions.all.length;
		const nodes: NewNode[] = [MANUAL, { ...agent(text), ...agentSettings }];
		const workflow = await saved(world, nodes, {
			ai_languageModel: [chatModel(model, options)],
			ai_tool: [calculator, prices],
		});
		const data = await executed(world.session, workflow);
		const output = given(data, 'Agent')[0]?.json.output;
		return { data, output, created: createdSince(before) };
	};

	/** What the tools gave, as the model is told of it. */
	const resultsIn = (input: Record<string, unknown>) =>
		JSON.stringify(input).match(/24\.50 euros|73\.5/g) ?? [];

	describe('tools', () => {
		it.each(['tool_calls', 'output'] as const)(
			'of a model that takes them, with calls in "%s": both are called, and the answer has their results',
			async (callsAs) => {
				world.sandbox.language.callsAs = callsAs;
				world.sandbox.language.say(
					STRUCTURED,
					{ toolCalls: [{ name: 'Prices', arguments: { article: 'lamp' } }] },
					{ toolCalls: [{ name: 'Calculator', arguments: { input: '3 * 24.50' } }] },
					(input) => `Three lamps: ${resultsIn(input).at(-1)} euros`,
				);
				const { data, output, created } = await run(STRUCTURED, 'What do three lamps cost?');
				expect(errorOf(data)).toBe('');
				expect(output).toBe('Three lamps: 73.5 euros');
				expect(created).toHaveLength(3);
				expect(resultsIn(created[2]!.input)).toEqual(['24.50 euros', '73.5']);
			},
		);

		it('several in one answer are all called', async () => {
			world.sandbox.language.say(
				STRUCTURED,
				{
					toolCalls: [
						{ name: 'Prices', arguments: { article: 'lamp' } },
						{ name: 'Calculator', arguments: { input: '3 * 24.50' } },
					],
				},
				(input) => resultsIn(input).join(', '),
			);
			const { data, output } = await run(STRUCTURED, 'What do three lamps cost?');
			expect(errorOf(data)).toBe('');
			expect(output).toBe('24.50 euros, 73.5');
		});

		it.each([GPT, CLAUDE, 'meta/meta-llama-3-70b-instruct', 'deepseek-ai/deepseek-v3.1'])(
			'by prompt: %s calls one, and answers with its result',
			async (model) => {
				const { data, output, created } = await run(model, 'Calculate 3 * (4 + 5)!', {
					toolCalling: 'byPrompt',
				});
				expect(errorOf(data)).toBe('');
				expect(output).toMatch(/The tool says:[^]*27/);
				expect(created).toHaveLength(2);
			},
		);

		it('by prompt: a call that does not fit is asked for once more', async () => {
			world.sandbox.language.say(
				GPT,
				{ toolCalls: [{ name: 'Pricelist', arguments: {} }] },
				{ toolCalls: [{ name: 'Prices', arguments: { article: 'lamp' } }] },
				(input) => `It costs ${resultsIn(input)[0]}`,
			);
			const { data, output, created } = await run(GPT, 'What does a lamp cost?', {
				toolCalling: 'byPrompt',
			});
			expect(errorOf(data)).toBe('');
			expect(output).toBe('It costs 24.50 euros');
			expect(created).toHaveLength(3);
		});

		it('Retry On Fail: the tools are not called again, and their calls not paid for again', async () => {
			world.sandbox.language.say(
				STRUCTURED,
				{ toolCalls: [{ name: 'Prices', arguments: { article: 'lamp' } }] },
				{ error: 'Out of memory' },
				(input) => `It costs ${resultsIn(input)[0]}`,
			);
			const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
			const { data, output, created } = await run(STRUCTURED, 'What is a lamp?', {}, retry);
			expect(errorOf(data)).toBe('');
			expect(output).toBe('It costs 24.50 euros');
			expect(created.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'succeeded']);
			expect(data.resultData.runData.Prices).toHaveLength(1);
		});

		it('of a model that takes none: an error names what to do, and nothing is paid', async () => {
			const { data, created } = await run(GPT, 'Hello');
			expect(errorOf(data)).toMatch(/The model "openai\/gpt-4o-mini" cannot call tools/);
			expect(created).toEqual([]);
		});

		it('an agent that never ends: Max Predictions stops it', async () => {
			const call = { toolCalls: [{ name: 'Prices', arguments: { article: 'lamp' } }] };
			world.sandbox.language.say(STRUCTURED, ...Array.from({ length: 9 }, () => call));
			const { data, created } = await run(STRUCTURED, 'Hello', { maxPredictions: 3 });
			expect(errorOf(data)).toMatch(/allows 3, and this run has created as many/);
			expect(created).toHaveLength(3);
		});
	});

	it('agent-tools, the recipe: looks a price up, and calculates', async () => {
		await world.session.activate(await imported('agent-tools'));
		const ask = async (chatInput: string) => {
			const answer = await called(`${world.main.url}/webhook/replicate-agent-tools/chat`, {
				action: 'sendMessage',
				sessionId: 'test',
				chatInput,
			});
			return ((await answer.json()) as { output: string }).output;
		};
		expect(await ask('What is the price of a lock?')).toMatch(/lock: 39 euros/);
		expect(await ask('Calculate 3 * 24.50 + 39')).toMatch(/112\.5/);
		world.sandbox.language.say(
			STRUCTURED,
			{ toolCalls: [{ name: 'Price_List', arguments: { article: 'lamp' } }] },
			{ toolCalls: [{ name: 'Calculator', arguments: { input: '3 * 24.5' } }] },
			(input) => `That is ${resultsIn(input).at(-1)} euros.`,
		);
		expect(await ask('What do three lamps cost?')).toBe('That is 73.5 euros.');
	});

	describe('chat-model, the recipe', () => {
		const TEXT = Array.from({ length: 30 }, (_, n) => `word${n}`).join(' ');
		let id: string;

		beforeAll(async () => {
			const workflow = await imported('chat-model');
			await world.session.activate(workflow);
			({ id } = workflow);
		});

		const send = async (chatInput: string, sessionId = 'test', signal?: AbortSignal) => {
			const body = { action: 'sendMessage', sessionId, chatInput };
			return await called(`${world.main.url}/webhook/replicate-chat-model/chat`, body, signal);
		};
		const linesOf = (text: string) =>
			text
				.trim()
				.split('\n')
				.map((line) => JSON.parse(line) as { type: string; content?: string });
		const textIn = (lines: ReturnType<typeof linesOf>) =>
			lines
				.filter(({ type }) => type === 'item')
				.map(({ content }) => content)
				.join('');

		it('streams: the words come one by one, and the text is whole', async () => {
			const { language, predictions } = world.sandbox;
			language.pace = 40;
			language.say(CLAUDE, TEXT);
			const before = predictions.all.length;
			const answer = await send('Say some words');
			const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
			let text = '';
			/** How much of the text had come, each time that something came. */
			const lengths: number[] = [];
			for (;;) {
				const { done, value } = await reader.read();
				if (done) break;
				text += value;
				const whole = text.slice(0, text.lastIndexOf('\n') + 1);
				if (whole !== '') lengths.push(textIn(linesOf(whole)).length);
			}
			const lines = linesOf(text);
			expect(lines[0]!.type).toBe('begin');
			expect(lines.at(-1)!.type).toBe('end');
			expect(textIn(lines)).toBe(TEXT);
			expect(lines.filter(({ type }) => type === 'item').length).toBeGreaterThan(10);
			expect(new Set(lengths).size).toBeGreaterThan(10);
			const [prediction] = createdSince(before);
			expect(textOf(prediction!)).toBe(TEXT);
			expect(createdSince(before)).toHaveLength(1);
		});

		it('remembers what was said before in the same chat, and in no other', async () => {
			const { predictions } = world.sandbox;
			await (await send('My name is Ada', 'first')).text();
			await (await send('What is my name?', 'first')).text();
			expect(predictions.all.at(-1)!.input.prompt).toMatch(
				/User: My name is Ada[^]*Assistant: You said[^]*User: What is my name\?/,
			);
			await (await send('What is my name?', 'second')).text();
			expect(predictions.all.at(-1)!.input.prompt).toBe('What is my name?');
		});

		it('the stream breaks off: the text is whole nevertheless, and paid for once', async () => {
			const { language, predictions } = world.sandbox;
			language.pace = 10;
			language.say(CLAUDE, TEXT);
			language.breakStreams({ kind: 'cut', after: 5 });
			const before = predictions.all.length;
			const lines = linesOf(await (await send('Say some words', 'broken')).text());
			expect(textIn(lines)).toBe(TEXT);
			expect(createdSince(before)).toHaveLength(1);
		});

		it('the model fails: the chat says so, and the execution has the model’s words', async () => {
			world.sandbox.language.say(CLAUDE, { error: 'The prompt was flagged as sensitive (E005)' });
			const lines = linesOf(await (await send('Hello', 'failing')).text());
			expect(lines.at(-1)!.type).toBe('error');
			const [run] = await allEnded(world.session, id);
			expect(errorOf(run!.data)).toContain('The prompt was flagged as sensitive (E005)');
		});

		it('Stop: the prediction that is streamed is cancelled', async () => {
			const { language, predictions } = world.sandbox;
			language.pace = 200;
			language.say(CLAUDE, 'word '.repeat(200));
			const before = predictions.all.length;
			// n8n leaves the response of an execution that is stopped open.
			const page = new AbortController();
			await send('Say a lot of words', 'stopped', page.signal);
			await until('it is written', () => createdSince(before)[0]?.status === 'processing');
			const running = (await world.session.executions(id)).find(
				({ status }) => status === 'running',
			)!;
			await world.session.request('POST', `/executions/${running.id}/stop`);
			await until('it is cancelled', () => createdSince(before)[0]!.status === 'canceled', 10_000);
			page.abort();
			expect(createdSince(before)).toHaveLength(1);
		});

		it.each([
			['of its own', STRUCTURED, {}],
			['by prompt', GPT, { toolCalling: 'byPrompt' }],
		])(
			'tools %s and streaming together: the agent calls them, answers, and remembers it',
			async (kind, model, options) => {
				const { language, predictions } = world.sandbox;
				const path = `chat-with-tools-${kind.replaceAll(' ', '-')}`;
				const workflow = await imported('chat-model', (changed) => {
					const named = (name: string) => changed.nodes.find((node) => node.name === name)!;
					named('When Chat Message Received').webhookId = path;
					const { parameters } = named('Replicate Chat Model');
					Object.assign(parameters, {
						model: { __rl: true, mode: 'name', value: model },
						options,
					});
					for (const tool of [calculator, prices]) {
						changed.nodes.push({ id: tool.name, position: [0, 400], ...tool });
						changed.connections[tool.name] = {
							ai_tool: [[{ node: 'AI Agent', type: 'ai_tool', index: 0 }]],
						};
					}
				});
				await world.session.activate(workflow);
				const ask = async (chatInput: string) => {
					const answer = await called(`${world.main.url}/webhook/${path}/chat`, {
						action: 'sendMessage',
						sessionId: 'tools',
						chatInput,
					});
					return textIn(linesOf(await answer.text()));
				};
				language.say(
					model,
					{
						toolCalls: [
							{ name: 'Prices', arguments: { article: 'lamp' } },
							{ name: 'Calculator', arguments: { input: '3 * 24.50' } },
						],
					},
					(input) => `I found ${resultsIn(input).join(', ')}`,
				);
				expect(await ask('What do three lamps cost?')).toMatch(/I found 24\.50 euros, 73\.5$/);
				language.say(model, 'As I said.');
				expect(await ask('What was it?')).toBe('As I said.');
				const history = JSON.stringify(predictions.all.at(-1)!.input);
				expect(history).toMatch(
					/three lamps cost\?.*24\.50 euros.*73\.5.*I found 24\.50 euros, 73\.5.*What was it\?/,
				);
			},
		);
	});
});
