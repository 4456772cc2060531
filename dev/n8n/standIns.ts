import Fastify from 'fastify';

/** What the example workflows talk to besides Replicate, on loopback. */
export interface StandIns {
	/** The base URL of a chat model with OpenAI's API. */
	chatModelUrl: string;
	/** Where a workflow posts a notification, as to Slack. */
	notifyUrl: string;
	/** The texts of the notifications that came. */
	notifications: string[];
	/** The base URL of Telegram's bot API. */
	telegramUrl: string;
	/** What a bot sent to a chat. */
	messages: TelegramMessage[];
	stop(): Promise<void>;
}

/** A message of a bot, with the links of its buttons by what is on them. */
export interface TelegramMessage {
	method: string;
	text?: string;
	/** Bytes of the picture. */
	photo?: number;
	buttons: Record<string, string>;
}

interface TelegramBody {
	text?: string;
	reply_markup?: { inline_keyboard?: Array<Array<{ text: string; url?: string }>> };
}

interface ChatRequest {
	stream?: boolean;
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{
		function: { name: string; description?: string; parameters: { properties?: object } };
	}>;
}

/**
 * Starts what the examples need an account for: a chat model, a channel for notifications, and a chat
 * of Telegram. The chat model calls the tool whose description shares most words with the question,
 * passes the question on to it, and repeats what the tool returned.
 *
 * @param port           on 127.0.0.1; 0 takes any free one
 * @param onNotification called with the text of each notification, and of each message to the chat
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
	const messages: TelegramMessage[] = [];
	server.addContentTypeParser(
		'multipart/form-data',
		{ parseAs: 'buffer' },
		(_request, body, done) => done(null, body),
	);
	server.post<{ Params: { method: string }; Body: TelegramBody | Buffer }>(
		'/telegram/:bot/:method',
		({ params, body }) => {
			const message = messageOf(params.method, body);
			messages.push(message);
			const links = Object.entries(message.buttons).map(([label, url]) => `\n  ${label}: ${url}`);
			onNotification(`${message.text ?? `a picture (${message.photo} bytes)`}${links.join('')}`);
			return { ok: true, result: { message_id: messages.length } };
		},
	);
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
		telegramUrl: `${url}/telegram`,
		messages,
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

/** Reads what a bot sends: JSON, or a form with a picture, of which only the size is kept. */
function messageOf(method: string, body: TelegramBody | Buffer): TelegramMessage {
	if (Buffer.isBuffer(body)) return { method, photo: body.length, buttons: {} };
	const { text, reply_markup: markup } = body;
	const buttons = (markup?.inline_keyboard ?? []).flat();
	return {
		method,
		text,
		buttons: Object.fromEntries(buttons.map(({ text: label, url = '' }) => [label, url])),
	};
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];

function textOf(content: unknown): string {
	return typeof content === 'string' ? content : JSON.stringify(content);
}
