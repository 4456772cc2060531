import Fastify from 'fastify';

/** What the example workflows talk to besides Replicate, on loopback. */
export interface StandIns {
	/** The base URL of a chat model with OpenAI's API. */
	chatModelUrl: string;
	/** Where a workflow posts a notification, as to Slack. */
	notifyUrl: string;
	/** The texts of the notifications that came. */
	notifications: string[];
	stop(): Promise<void>;
}

interface ChatRequest {
	stream?: boolean;
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{
		function: { name: string; description?: string; parameters: { properties?: object } };
	}>;
}

/**
 * Starts a chat model that is none: it calls the tool whose description shares most words with the
 * question, passes the question on to it, and repeats what the tool said. That is enough to see what
 * an agent gets from a tool, without an account.
 *
 * @param port           on 127.0.0.1; 0 takes any free one
 * @param onNotification called with each notification's text
 */
export async function startStandIns(
	port = 0,
	onNotification: (text: string) => void = () => {},
): Promise<StandIns> {
	const server = Fastify({ bodyLimit: 50_000_000 });
	const notifications: string[] = [];
	server.post<{ Body: { text: string } }>('/notify', ({ body }) => {
		notifications.push(body.text);
		onNotification(body.text);
		return { ok: true };
	});
	server.post<{ Body: ChatRequest }>('/v1/chat/completions', async ({ body }, reply) => {
		const message = answerTo(body);
		const end = 'tool_calls' in message ? 'tool_calls' : 'stop';
		const about = { id: 'chat', created: Math.floor(Date.now() / 1_000), model: 'stand-in' };
		if (!body.stream) {
			return {
				...about,
				object: 'chat.completion',
				choices: [{ index: 0, message, finish_reason: end }],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			};
		}
		const event = (delta: object, finish: string | null) =>
			`data: ${JSON.stringify({
				...about,
				object: 'chat.completion.chunk',
				choices: [{ index: 0, delta, finish_reason: finish }],
			})}\n\n`;
		return await reply
			.type('text/event-stream')
			.send(`${event(message, null)}${event({}, end)}data: [DONE]\n\n`);
	});
	const url = await server.listen({ host: '127.0.0.1', port });
	return {
		chatModelUrl: `${url}/v1`,
		notifyUrl: `${url}/notify`,
		notifications,
		stop: async () => {
			server.server.closeAllConnections();
			await server.close();
		},
	};
}

function answerTo({ messages, tools = [] }: ChatRequest) {
	const last = messages.at(-1)!;
	if (last.role === 'tool' || tools.length === 0) {
		return { role: 'assistant', content: `The tool says: ${textOf(last.content)}` };
	}
	const question = textOf(last.content);
	const asked = new Set(wordsOf(question));
	const score = (description = '') => wordsOf(description).filter((word) => asked.has(word)).length;
	const [tool] = tools
		.map((each) => each.function)
		.sort((a, b) => score(b.description) - score(a.description));
	const names = Object.keys(tool!.parameters.properties ?? {});
	const given = JSON.stringify(Object.fromEntries(names.map((name) => [name, question])));
	const call = { name: tool!.name, arguments: given };
	return {
		role: 'assistant',
		content: null,
		tool_calls: [{ index: 0, id: 'call', type: 'function', function: call }],
	};
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];

function textOf(content: unknown): string {
	return typeof content === 'string' ? content : JSON.stringify(content);
}
