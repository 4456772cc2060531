import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { INode, INodeParameters, INodeType, NodeConnectionType } from 'n8n-workflow';
import { itemsOf, startEngine, type Engine, type EngineWorkflow } from '../../dev/engine/engine';
import { nodeType, PACKAGE_FOLDER } from '../../dev/packageName';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';

/*
 * n8n's own chains and agents of one version of n8n, with the Replicate Chat Model of this package.
 * `npm run test:compatibility` installs them beside the engine that it tests.
 */

const GPT = 'openai/gpt-4o-mini';
const STRUCTURED = 'openai/gpt-5-structured';

const NODES = join(
	process.env.N8N_ENGINE_FOLDER ?? '',
	'node_modules/@n8n/n8n-nodes-langchain/dist/nodes',
);

const load = createRequire(__filename);

/** One of n8n's nodes, in the version that a workflow names. */
function aiNode(path: string, version?: number): INodeType {
	const name = path.split('/').at(-1)!;
	const exported = load(join(NODES, `${path}.node.js`)) as Record<string, new () => object>;
	const made = new exported[name]!();
	return 'getNodeType' in made
		? (made as { getNodeType(version?: number): INodeType }).getNodeType(version)
		: (made as INodeType);
}

/** The node that is tried, and the sub-nodes beside its model. */
interface Tried {
	type: string;
	typeVersion: number;
	parameters: INodeParameters;
	subNodes?: Partial<
		Record<NodeConnectionType, Array<Pick<INode, 'name' | 'type'> & Partial<INode>>>
	>;
}

describe('n8n’s own nodes for AI, with the Replicate Chat Model', () => {
	let sandbox: Sandbox;
	let engine: Engine;

	beforeAll(async () => {
		sandbox = await startSandbox({ bootMs: 0 });
		engine = await startEngine({
			packageFolder: PACKAGE_FOLDER,
			binaryMode: 'filesystem',
			credential: { apiToken: sandbox.token, baseUrl: sandbox.baseUrl },
			nodes: {
				chain: aiNode('chains/ChainLLM/ChainLlm'),
				extractor: aiNode('chains/InformationExtractor/InformationExtractor'),
				classifier: aiNode('chains/TextClassifier/TextClassifier'),
				agent2: aiNode('agents/Agent/Agent', 2),
				agent3: aiNode('agents/Agent/Agent', 3),
				calculator: aiNode('tools/ToolCalculator/ToolCalculator'),
				parser: aiNode('output_parser/OutputParserStructured/OutputParserStructured'),
			},
		});
	});
	afterEach(() => sandbox.forget());
	afterAll(async () => {
		await engine.stop();
		await sandbox.stop();
	});

	const run = async (model: string, { subNodes = {}, ...tried }: Tried, options = {}) => {
		const node = (one: Pick<INode, 'name' | 'type'> & Partial<INode>): INode => ({
			id: one.name,
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
			...one,
		});
		const served = {
			ai_languageModel: [
				{
					name: 'Model',
					type: nodeType('replicateChatModel'),
					credentials: { replicateApi: { id: 'sandbox', name: 'Sandbox' } },
					parameters: { model: { __rl: true, mode: 'name', value: model }, options },
				},
			],
			...subNodes,
		};
		const workflow: EngineWorkflow = {
			nodes: [
				node({ name: 'Trigger', type: 'n8n-nodes-base.manualTrigger' }),
				node({ name: 'Tried', ...tried }),
				...Object.values(served).flat().map(node),
			],
			connections: {
				Trigger: { main: [[{ node: 'Tried', type: 'main', index: 0 }]] },
				...Object.fromEntries(
					Object.entries(served).flatMap(([type, all]) =>
						all.map(({ name }, index) => [
							name,
							{ [type]: [[{ node: 'Tried', type: type as NodeConnectionType, index }]] },
						]),
					),
				),
			},
		};
		const ended = await engine.start(workflow).finished;
		const { error } = ended.data.resultData;
		expect(error && `${error.message} ${error.description ?? ''} ${error.stack}`).toBeUndefined();
		const output = (at = 0) => itemsOf(ended, 'Tried', at).map(({ json }) => json);
		return { output, created: sandbox.predictions.all };
	};

	it('Basic LLM Chain: an answer is a text', async () => {
		const { output, created } = await run(GPT, {
			type: 'chain',
			typeVersion: 1.7,
			parameters: { promptType: 'define', text: 'What is a lamp?' },
		});
		expect(output()).toEqual([{ text: 'You said "What is a lamp?".' }]);
		expect(created).toHaveLength(1);
	});

	it('Basic LLM Chain: an output parser gets the object', async () => {
		sandbox.language.say(GPT, '```json\n{"output":{"name":"Ada"}}\n```');
		const { output } = await run(GPT, {
			type: 'chain',
			typeVersion: 1.7,
			parameters: { promptType: 'define', text: 'Who?', hasOutputParser: true },
			subNodes: {
				ai_outputParser: [
					{
						name: 'Parser',
						type: 'parser',
						typeVersion: 1.3,
						parameters: { jsonSchemaExample: '{ "name": "Ada" }' },
					},
				],
			},
		});
		expect(output()).toEqual([{ output: { name: 'Ada' } }]);
	});

	it('Information Extractor: the fields of a text', async () => {
		const { output, created } = await run(GPT, {
			type: 'extractor',
			typeVersion: 1.2,
			parameters: {
				text: 'My name is Ada Lovelace, and I paid 129 euros.',
				schemaType: 'fromAttributes',
				attributes: {
					attributes: [{ name: 'name', type: 'string', description: 'Name', required: true }],
				},
			},
		});
		expect(output()).toEqual([{ output: { name: 'Ada Lovelace' } }]);
		expect(created).toHaveLength(1);
	});

	it('Text Classifier: an item goes to its category', async () => {
		const category = (name: string) => ({ category: name, description: `About ${name}` });
		const { output } = await run(GPT, {
			type: 'classifier',
			typeVersion: 1.1,
			parameters: {
				inputText: 'The invoice is wrong',
				categories: { categories: [category('delivery'), category('invoice')] },
			},
		});
		expect([output(0), output(1)].map((items) => items.length)).toEqual([0, 1]);
	});

	describe.each([2, 3])('AI Agent %s', (version) => {
		const ask = async (model: string, text: string, options = {}) =>
			await run(
				model,
				{
					type: `agent${version}`,
					typeVersion: version,
					parameters: { promptType: 'define', text },
					subNodes: { ai_tool: [{ name: 'Calculator', type: 'calculator' }] },
				},
				options,
			);

		it.each([
			[STRUCTURED, {}],
			['meta/meta-llama-3-70b-instruct', { toolCalling: 'byPrompt' }],
		])('calls a tool, and answers with its result: %s', async (model, options) => {
			const { output, created } = await ask(model, 'Calculate 3 * 9', options);
			expect(output()).toEqual([{ output: expect.stringContaining('27') as string }]);
			expect(created).toHaveLength(2);
		});

		it('answers without a tool', async () => {
			sandbox.language.say(STRUCTURED, 'Hello.');
			const { output, created } = await ask(STRUCTURED, 'Hello');
			expect(output()).toEqual([{ output: 'Hello.' }]);
			expect(created).toHaveLength(1);
		});
	});
});
