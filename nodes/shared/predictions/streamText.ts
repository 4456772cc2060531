import { createParser } from 'eventsource-parser';
import type { ReplicateClient } from '../api/client';
import { exchange } from '../api/exchange';
import { isLoopbackHost } from '../api/hostNames';
import type { OpenApiDocument, Prediction } from '../api/shapes';
import type { ResponseBody } from '../api/transport';
import { mayFetch } from '../outputs/hosts';
import { outputSchema, resolved } from '../schema/openApi';

/** Replicate closes a stream that is silent for about 30 s (docs, streaming), in ms. */
const SILENCE_MS = 45_000;
/** How often a stream that was closed is opened again. */
const MAX_RECONNECTS = 20;

/** Whether a model's output is text that grows token by token. */
export function isTokenText(schema?: OpenApiDocument | null): boolean {
	const output = outputSchema(schema);
	return output !== undefined && resolved(schema, output)['x-cog-array-display'] === 'concatenate';
}

/**
 * Passes on a prediction's text while it is written (server-sent events). It is a preview: whatever
 * breaks ends it without an error, and the prediction's own output counts. No token is sent.
 *
 * @param onText called with each new part
 * @param signal ends the preview
 */
export async function streamText(
	client: ReplicateClient,
	{ urls }: Prediction,
	onText: (text: string) => void,
	signal: AbortSignal,
): Promise<void> {
	const address = urls?.stream;
	if (!address || !URL.canParse(address)) return;
	const url = new URL(address);
	if (!mayFetch(url, { baseUrl: client.baseUrl, more: [] })) return;
	const stream = new TextStream(onText);
	for (let tries = 0; tries <= MAX_RECONNECTS && !stream.isDone && !signal.aborted; tries++) {
		const response = await exchange(
			client.transport,
			{
				method: 'GET',
				url,
				headers: { accept: 'text/event-stream', 'cache-control': 'no-store' },
				guard: isLoopbackHost(client.baseUrl.hostname) ? 'loopback' : 'public',
			},
			{ responseMs: SILENCE_MS, pauseMs: SILENCE_MS, signal },
		).catch(() => undefined);
		if (response?.status !== 200) {
			response?.body.discard();
			return;
		}
		await stream.read(response.body);
		if (!stream.canReconnect) return;
	}
}

/** The text of one prediction over several connections: each begins anew, so known events are skipped. */
class TextStream {
	isDone = false;
	canReconnect = true;
	private readonly seen = new Set<string>();

	constructor(private readonly onText: (text: string) => void) {}

	async read(body: ResponseBody): Promise<void> {
		const parser = createParser({ onEvent: (event) => this.take(event) });
		const decoder = new TextDecoder();
		const chunks = body[Symbol.asyncIterator]();
		while (!this.isDone) {
			const chunk = await chunks.next().catch(() => ({ done: true, value: undefined }) as const);
			if (chunk.done) break;
			parser.feed(decoder.decode(chunk.value, { stream: true }));
		}
		body.discard();
	}

	private take({ event, id, data }: { event?: string; id?: string; data: string }): void {
		if (event === 'done' || event === 'error') this.isDone = true;
		if (event !== 'output') return;
		if (id === undefined) this.canReconnect = false;
		else if (this.seen.has(id)) return;
		else this.seen.add(id);
		this.onText(data);
	}
}
