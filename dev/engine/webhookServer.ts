import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as n8n hands it to nodes: with its body parsed, and as it came. */
export type WebhookRequest = IncomingMessage & {
	rawBody: Buffer;
	body: unknown;
	query: Record<string, string>;
};

/** An answer in express's words, as n8n hands it to nodes. */
export type WebhookAnswer = ServerResponse & {
	status(code: number): WebhookAnswer;
	json(body: unknown): WebhookAnswer;
	send(body: string): WebhookAnswer;
};

/** Answers one request; throws `Refusal` for what n8n itself refuses. */
export type WebhookHandler = (
	path: string,
	request: WebhookRequest,
	answer: WebhookAnswer,
) => Promise<void>;

/** An answer of n8n itself, without the node. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}

/** The part of n8n's server that takes webhooks. Resolves with its address and the server. */
export async function startWebhookServer(
	handle: WebhookHandler,
): Promise<{ url: string; server: Server }> {
	const server = createServer((request, response) => {
		void respond(handle, request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, server };
}

async function respond(
	handle: WebhookHandler,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const rawBody = await bodyOf(request).catch(() => undefined);
	// The connection broke before all had come: there is nobody to answer.
	if (!rawBody) return;
	const answer = expressLike(response);
	const { pathname: path, searchParams } = new URL(request.url!, 'http://n8n');
	const query = Object.fromEntries(searchParams);
	await handle(
		path,
		Object.assign(request, { rawBody, body: parsed(rawBody), query }),
		answer,
	).catch((error: Error) => {
		const status = error instanceof Refusal ? error.status : 500;
		if (!answer.headersSent) answer.status(status).json({ message: error.message });
	});
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

function parsed(body: Buffer): unknown {
	try {
		return JSON.parse(body.toString());
	} catch {
		return {};
	}
}

function expressLike(response: ServerResponse): WebhookAnswer {
	const answer = Object.assign(response, {
		status(code: number) {
			response.statusCode = code;
			return answer;
		},
		json(body: unknown) {
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify(body));
			return answer;
		},
		send(body: string) {
			response.end(body);
			return answer;
		},
	}) as WebhookAnswer;
	return answer;
}
