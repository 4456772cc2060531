import type { INodeParameters } from 'n8n-workflow';
import { nodeType } from '../../dev/packageName';
import { startN8nWorld, type N8nWorld } from './n8nWorld';

/** An event of an Agent's chat, as n8n's editor gets it. */
interface ChatEvent {
	type: string;
	toolName?: string;
	output?: unknown;
	isError?: boolean;
	delta?: string;
}

/** An item that the node gave to the Agent. */
interface Made {
	json: { files: [{ url: string }] };
	binary: { data: object };
}

const model = (value: string) => ({ __rl: true, mode: 'name', value });
const PROMPT = `={{ { prompt: $fromAI('prompt', 'What to draw', 'string') } }}`;

/** The tools of the Agent: the stand-in for its model calls the one whose description fits best. */
const TOOLS: Record<string, { description: string; parameters: INodeParameters }> = {
	draw_a_picture: {
		description: 'Draws a picture and returns its URL',
		parameters: { model: model('black-forest-labs/flux-schnell'), inputJson: PROMPT },
	},
	find_models: {
		description: 'Finds models on Replicate by what they do',
		parameters: {
			resource: 'model',
			operation: 'search',
			query: `={{ $fromAI('query', 'What the model should do', 'string') }}`,
			limit: 5,
		},
	},
	make_a_video: {
		description: 'Makes a long video, which takes minutes',
		parameters: {
			model: model('black-forest-labs/flux-schnell'),
			inputJson: PROMPT,
			waitFor: 'callback',
		},
	},
};

/** n8n's own Agents, which run without a workflow: the module `agents`. */
describe('an Agent of n8n’s own with the node as its tools, in a complete n8n', () => {
	let world: N8nWorld;
	let agent: string;

	beforeAll(async () => {
		world = await startN8nWorld();
		const { session, credentials } = world;
		const { id: project } = await session.request<{ id: string }>('GET', '/projects/personal');
		const agents = `/projects/${project}/agents/v2`;
		const { id } = await session.request<{ id: string }>('POST', agents, { name: 'Painter' });
		agent = `${agents}/${id}`;
		const { configHash } = await session.request<{ configHash: string }>('GET', `${agent}/config`);
		await session.request('PUT', `${agent}/config`, {
			baseConfigHash: configHash,
			config: {
				name: 'Painter',
				model: 'openai/gpt-4o-mini',
				credential: credentials.openAiApi!.id,
				instructions: 'Use your tools.',
				tools: Object.entries(TOOLS).map(([name, { description, parameters }]) => ({
					type: 'node',
					name,
					description,
					node: {
						nodeType: nodeType('replicate'),
						nodeTypeVersion: 1,
						nodeParameters: { resource: 'prediction', operation: 'run', ...parameters },
						credentials: { replicateApi: credentials.replicateApi },
					},
				})),
			},
		});
	});
	afterEach(() => world.sandbox.forget());
	afterAll(async () => {
		await world.session.request('DELETE', agent);
		await world.stop();
	});

	/** Asks the Agent, and gives what its tool returned and what it then said. */
	const ask = async (message: string) => {
		const events = await world.session.events<ChatEvent>(`${agent}/chat`, { message });
		const said = events.map(({ type, delta }) => (type === 'text-delta' ? delta : ''));
		return { result: events.find(({ type }) => type === 'tool-result'), said: said.join('') };
	};

	it('runs a model, and hears the address of what it made', async () => {
		const { result, said } = await ask('Draw a picture of a red bicycle');
		expect(result).toMatchObject({ toolName: 'draw_a_picture', output: { status: 'success' } });
		const [{ json, binary }] = (result!.output as { data: [Made] }).data;
		expect(json).toMatchObject({ status: 'succeeded', model: 'black-forest-labs/flux-schnell' });
		const [{ url }] = json.files;
		expect(url).toMatch(/^http.*\.webp$/);
		expect(said).toContain(url);
		// The next tool can take the file, too; its bytes are not for a language model.
		expect(binary.data).toMatchObject({ mimeType: 'image/webp', data: 'filesystem-v2' });
		const created = world.sandbox.predictions.all;
		expect(created.map(({ input }) => input.prompt)).toEqual(['Draw a picture of a red bicycle']);
	});

	it('looks for a model', async () => {
		const { result, said } = await ask('upscale models');
		expect(result).toMatchObject({ toolName: 'find_models', output: { status: 'success' } });
		expect(said).toMatch(/upscal/);
	});

	it('refuses to wait for a callback, before anything is created or uploaded', async () => {
		const { result, said } = await ask('Make a long video of a red bicycle');
		const refused = 'Continue → When Replicate Calls Back cannot be used here';
		expect(result).toMatchObject({ toolName: 'make_a_video', isError: true });
		expect(JSON.stringify(result!.output)).toContain(refused);
		expect(said).toContain(refused);
		const changes = world.sandbox.requests.filter(({ method }) => method !== 'GET');
		expect(changes).toEqual([]);
	});
});
