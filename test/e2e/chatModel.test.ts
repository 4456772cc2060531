import { createHash } from 'node:crypto';
import { readFile as readBytes } from 'node:fs/promises';
import { join } from 'node:path';
import type { INodeParameters, IRunExecutionData } from 'n8n-workflow';
import type { WorkflowFile } from '../../dev/n8n/session';
import type { SandboxPrediction } from '../../dev/sandbox/predictions';
import {
	agent,
	aiNode,
	chatModel,
	errorOf,
	items,
	llmChain,
	MANUAL,
	readFile,
	saved,
	textOf,
	type NewNode,
	type SubNodes,
} from './chatWorkflows';
import {
	ended,
	example,
	executed,
	given,
	startN8nWorld,
	started,
	until,
	type N8nWorld,
} from './n8nWorld';

const GPT = 'openai/gpt-4o-mini';
const GEMINI = 'google/gemini-2.5-flash';
const DEEPSEEK = 'deepseek-ai/deepseek-v3.1';

/** n8n's own chains, with the chat model as their model. */
describe('the Replicate Chat Model, in a complete n8n', () => {
	let world: N8nWorld;

	beforeAll(async () => {
		world = await startN8nWorld();
	});
	afterEach(() => world.sandbox.language.forget());
	afterAll(async () => await world.stop());

	/** Runs nodes in a row, and gives what was paid for. */
	const run = async (
		nodes: NewNode[],
		subNodes: SubNodes,
	): Promise<{ data: IRunExecutionData; created: SandboxPrediction[] }> => {
		const before = world.sandbox.predictions.all.length;
		const data = await executed(world.session, await saved(world, [MANUAL, ...nodes], subNodes));
		return { data, created: world.sandbox.predictions.all.slice(before) };
	};
	const runWith = async (model: string, ...nodes: NewNode[]) =>
		await run(nodes, { ai_languageModel: [chatModel(model)] });
	const json = (data: IRunExecutionData, node: string, output = 0) =>
		given(data, node, output).map((item) => item.json);

	describe('the recipes', () => {
		const imported = async (name: string, change?: (workflow: WorkflowFile) => void) =>
			await example(world, name, change);

		it('llm-chain: replies to each review', async () => {
			const before = world.sandbox.predictions.all.length;
			const data = await executed(world.session, await imported('llm-chain'));
			expect(errorOf(data)).toBe('');
			const replies = json(data, 'Write a Reply').map(({ text }) => text);
			expect(replies).toEqual([
				expect.stringMatching(/The lamp is bright/),
				expect.stringMatching(/two weeks late/),
				expect.stringMatching(/Good lock/),
			]);
			const created = world.sandbox.predictions.all.slice(before);
			expect(created.map(({ input }) => input)).toEqual(
				Array.from({ length: 3 }, () =>
					expect.objectContaining({
						max_completion_tokens: 300,
						messages: [
							{ role: 'system', content: expect.stringMatching(/parts of bicycles/) as string },
							{ role: 'user', content: expect.stringMatching(/in two sentences/) as string },
						],
					}),
				),
			);
		});

		it('extract-fields: reads the fields that the schema names', async () => {
			const data = await executed(world.session, await imported('extract-fields'));
			expect(errorOf(data)).toBe('');
			expect(json(data, 'Read the Order').map(({ output }) => output)).toEqual([
				{
					order_number: '4711',
					customer: 'Ada Lovelace',
					email: 'ada@example.com',
					total: 129,
					express: true,
				},
				{
					order_number: '4712',
					customer: 'Charles Babbage',
					email: 'charles@example.com',
					total: 54,
					express: false,
				},
			]);
		});
	});

	describe('chains', () => {
		it.each([GPT, GEMINI, DEEPSEEK, 'anthropic/claude-4-sonnet', 'meta/meta-llama-3-8b-instruct'])(
			'Basic LLM Chain: %s answers, and is paid for once',
			async (model) => {
				const { data, created } = await runWith(model, llmChain('What is a lamp?'));
				expect(errorOf(data)).toBe('');
				const [answer] = json(data, 'Chain');
				expect(answer!.text).toMatch(/^You said "What is a lamp\?"/);
				expect(created.map(textOf)).toEqual([answer!.text]);
			},
		);

		it('Basic LLM Chain with an output parser: gives the fields', async () => {
			const schema = {
				type: 'object',
				properties: { age: { type: 'integer' } },
				required: ['age'],
			};
			const parser = aiNode('Parser', 'outputParserStructured', 1.3, {
				schemaType: 'manual',
				inputSchema: JSON.stringify(schema),
			});
			const { data } = await run([llmChain('I am 36', { hasOutputParser: true })], {
				ai_languageModel: [chatModel(GPT)],
				ai_outputParser: [parser],
			});
			expect(errorOf(data)).toBe('');
			expect(json(data, 'Chain')).toEqual([{ output: { age: 36 } }]);
		});

		it('Information Extractor: reads attributes', async () => {
			const attribute = (name: string, type: string) => ({
				name,
				type,
				description: `The ${name}`,
				required: true,
			});
			const extractor = aiNode('Extractor', 'informationExtractor', 1.2, {
				text: 'The city is Rome, for 3 days',
				attributes: { attributes: [attribute('city', 'string'), attribute('days', 'number')] },
			});
			const { data } = await runWith(GEMINI, extractor);
			expect(errorOf(data)).toBe('');
			expect(json(data, 'Extractor')).toEqual([{ output: { city: 'Rome', days: 3 } }]);
		});

		it('Text Classifier: sends each item on its way', async () => {
			const classifier = aiNode('Classifier', 'textClassifier', 1.1, {
				inputText: '={{ $json.text }}',
				categories: {
					categories: [
						{ category: 'Invoice', description: 'Asks for money' },
						{ category: 'Complaint', description: 'Is unhappy with a delivery' },
					],
				},
				options: { fallback: 'other' },
			});
			const texts = ['A complaint: it came late', 'Here is our invoice', 'Hello there'];
			const { data, created } = await runWith(GPT, ...items(texts), classifier);
			expect(errorOf(data)).toBe('');
			const branches = [0, 1, 2].map((output) =>
				json(data, 'Classifier', output).map(({ text }) => text),
			);
			expect(branches).toEqual([[texts[1]], [texts[0]], [texts[2]]]);
			expect(created).toHaveLength(3);
		});

		it('Sentiment Analysis: finds the mood', async () => {
			const analysis = aiNode('Mood', 'sentimentAnalysis', 1.1, {
				inputText: '={{ $json.text }}',
				options: { includeDetailedResults: true },
			});
			const answer = (sentiment: string) =>
				JSON.stringify({ sentiment, strength: 0.9, confidence: 0.8 });
			world.sandbox.language.say(GPT, ({ messages }) =>
				answer(JSON.stringify(messages).includes('wonderful') ? 'Positive' : 'Negative'),
			);
			const { data } = await runWith(GPT, ...items(['A wonderful lamp']), analysis);
			expect(errorOf(data)).toBe('');
			expect(json(data, 'Mood', 0)).toEqual([
				{
					text: 'A wonderful lamp',
					sentimentAnalysis: { category: 'Positive', strength: 0.9, confidence: 0.8 },
				},
			]);
		});

		it('Summarization: reads a long text in parts, and then the parts’ summaries', async () => {
			// LangChain asks once for what has up to 3,000 tokens.
			const text = Array.from({ length: 500 }, (_, n) => `Sentence ${n} of a report.`).join(' ');
			const summary = aiNode('Summary', 'chainSummarization', 2.1, {
				chunkSize: 5_000,
				chunkOverlap: 0,
				options: {},
			});
			const answer = ({ messages }: Record<string, unknown>) => {
				const asked = JSON.stringify(messages);
				return asked.includes('Sentence') ? `Up to ${asked.match(/\d+/g)!.at(-1)}.` : 'All of it.';
			};
			world.sandbox.language.say(GPT, ...Array.from({ length: 9 }, () => answer));
			const { data, created } = await runWith(GPT, ...items([text]), summary);
			expect(errorOf(data)).toBe('');
			expect(json(data, 'Summary')).toEqual([{ output: { text: 'All of it.' } }]);
			const [last, ...parts] = [...created].reverse();
			expect(parts.length).toBeGreaterThan(2);
			for (const part of parts) expect(JSON.stringify(last!.input)).toContain(textOf(part));
		});

		it('Summarization: a short text is one question', async () => {
			const summary = aiNode('Summary', 'chainSummarization', 2.1, { options: {} });
			world.sandbox.language.say(GPT, 'A lamp.');
			const { data, created } = await runWith(GPT, ...items(['It is a lamp.']), summary);
			expect(errorOf(data)).toBe('');
			expect(json(data, 'Summary')).toEqual([{ output: { text: 'A lamp.' } }]);
			expect(created).toHaveLength(1);
		});

		it('with a fallback model: it answers where the first one fails', async () => {
			world.sandbox.language.say(GPT, { error: 'Out of memory' });
			const { data } = await run([llmChain('Hello', { needsFallback: true })], {
				ai_languageModel: [chatModel(GPT, {}, 'First'), chatModel(GEMINI, {}, 'Second')],
			});
			expect(errorOf(data)).toBe('');
			expect(json(data, 'Chain')).toEqual([{ text: 'You said "Hello".' }]);
		});
	});

	describe('images', () => {
		const seen = (message: INodeParameters) =>
			llmChain('What is in the picture?', {
				messages: { messageValues: [{ type: 'HumanMessagePromptTemplate', ...message }] },
			});
		const photo = () => readFile(join(world.filesFolder, 'photo.jpg'));
		/** The SHA-256 of a file that went to Replicate, by its URL. */
		const uploaded = async (url: unknown) => {
			const headers = { authorization: `Bearer ${world.sandbox.token}` };
			const answer = await fetch(String(url), { headers });
			return ((await answer.json()) as { checksums: { sha256: string } }).checksums.sha256;
		};

		it.each<[string, () => NewNode]>([
			[
				'Basic LLM Chain',
				() => seen({ messageType: 'imageBinary', binaryImageDataKey: 'data', imageDetail: 'auto' }),
			],
			['AI Agent', () => agent('What is in the picture?')],
		])('%s: the model sees the file of the item, as it is', async (_name, root) => {
			const { data, created } = await runWith(GPT, photo(), root());
			expect(errorOf(data)).toBe('');
			const [answer] = json(data, root().name);
			expect(answer!.text ?? answer!.output).toMatch(/I see 1 image\(s\)\./);
			const [{ input }] = created as [SandboxPrediction];
			const [address] = input.image_input as string[];
			const bytes = await readBytes(join(world.filesFolder, 'photo.jpg'));
			const sha256 = createHash('sha256').update(bytes).digest('hex');
			expect(await uploaded(address)).toBe(sha256);
		});

		it('by a URL: it is passed on as it is', async () => {
			const imageUrl = 'https://replicate.delivery/pbxt/lamp.png';
			const { data, created } = await runWith(GPT, seen({ messageType: 'imageUrl', imageUrl }));
			expect(errorOf(data)).toBe('');
			expect(created.map(({ input }) => input.image_input)).toEqual([[imageUrl]]);
		});

		it('a model without eyes: an error says so, and nothing is paid', async () => {
			const { data, created } = await runWith(
				DEEPSEEK,
				photo(),
				seen({ messageType: 'imageBinary', binaryImageDataKey: 'data', imageDetail: 'auto' }),
			);
			expect(errorOf(data)).toMatch(/The model "deepseek-ai\/deepseek-v3.1" cannot see images/);
			expect(created).toEqual([]);
		});
	});

	describe('when something goes wrong', () => {
		it('the error has the model’s own words', async () => {
			world.sandbox.language.say(GPT, { error: 'The prompt was flagged as sensitive (E005)' });
			const { data, created } = await runWith(GPT, llmChain('Hello'));
			expect(errorOf(data)).toContain('The prompt was flagged as sensitive (E005)');
			expect(data.resultData.lastNodeExecuted).toBe('Chain');
			const [call] = data.resultData.runData.Model!;
			expect(JSON.stringify(call!.error)).toContain('flagged as sensitive');
			expect(created).toHaveLength(1);
		});

		it('Retry On Fail: answers that are paid for are kept, and only the failed one is asked again', async () => {
			const texts = ['red', 'green', 'blue'];
			const failing = 'green';
			let failures = 0;
			const answer = ({ messages }: Record<string, unknown>) => {
				const asked = JSON.stringify(messages);
				const colour = texts.find((text) => asked.includes(text))!;
				if (colour !== failing || failures > 0) return `I like ${colour}`;
				failures += 1;
				return { error: 'Out of memory' };
			};
			world.sandbox.language.say(GPT, ...Array.from({ length: 9 }, () => answer));
			const chain: NewNode = {
				...llmChain('={{ $json.text }}', { batching: { batchSize: 1 } }),
				retryOnFail: true,
				maxTries: 2,
				waitBetweenTries: 0,
			};
			const { data, created } = await runWith(GPT, ...items(texts), chain);
			expect(errorOf(data)).toBe('');
			expect(json(data, 'Chain').map(({ text }) => text)).toEqual([
				'I like red',
				'I like green',
				'I like blue',
			]);
			const paid = created.filter(({ status }) => status === 'succeeded').map(textOf);
			expect(paid).toEqual(['I like red', 'I like green', 'I like blue']);
			expect(created).toHaveLength(4);
		});

		it('Stop: the prediction that runs is cancelled, and no other is created', async () => {
			const { language, predictions } = world.sandbox;
			language.pace = 200;
			language.say(GPT, 'word '.repeat(200));
			const before = predictions.all.length;
			const nodes = [
				MANUAL,
				...items(['a', 'b']),
				llmChain('={{ $json.text }}', { batching: { batchSize: 1 } }),
			];
			const workflow = await saved(world, nodes, { ai_languageModel: [chatModel(GPT)] });
			const executionId = await started(world.session, workflow);
			const created = () => predictions.all.slice(before);
			await until('it runs', () => created()[0]?.status === 'processing');
			await world.session.request('POST', `/executions/${executionId}/stop`);
			await until('it is cancelled', () => created()[0]!.status === 'canceled', 10_000);
			expect((await ended(world.session, executionId)).status).toBe('canceled');
			expect(created()).toHaveLength(1);
		});
	});
});
