import { createParser, type EventSourceParser } from 'eventsource-parser';
import type { ReplicateClient } from '../api/client';
import { exchange } from '../api/exchange';
import { isLoopbackHost } from '../api/hostNames';
import type { OpenApiDocument, Prediction } from '../api/shapes';
import type { ResponseBody } from '../api/transport';
import { mayFetch } from '../outputs/hosts';
import { SchemaReader } from '../schema/openApi';

/** Replicate closes a stream that is silent for about 30 s (docs, streaming), in ms. */
const SILENCE_MS = 45_000;
/** How often a stream that was closed is opened again. */
const MAX_RECONNECTS = 20;

/** Whether a model's output is text that grows token by token. */
export function isTokenText(schema?: OpenApiDocument | null): boolean {
	const reader = new SchemaReader(schema);
	const output = reader.output();
	return output !== undefined && reader.resolved(output)['x-cog-array-display'] === 'concatenate';
}

/**
 * How much of a stream is read in all, in bytes, over all its connections: an output that is larger is
 * not read either. What is passed on, and the ids of what was, cannot grow beyond it.
 */
const MAX_STREAM_BYTES = 32 * 1024 * 1024;
/** The longest line, and the longest event, in characters. */
const MAX_EVENT_LENGTH = 1024 * 1024;
/** How many lines that belong to no event may come before the stream is taken for something else. */
const MAX_STRANGE_LINES = 1_000;
/** How much is read at once, in characters: each part of it may be an event. */
const PARSED_AT_ONCE = 16 * 1024;

/**
 * Passes on a prediction's text while it is written (server-sent events). It is a preview: whatever
 * breaks ends it without an error, and the prediction's own output counts. No token is sent.
 *
 * @param onText called with each new part; its failure ends the preview
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
	}
}

/**
 * The text of one prediction over several connections. Each begins anew, and what has been passed on is
 * skipped by what it says: a gateway may give the same text other ids, or none.
 */
class TextStream {
	isDone = false;
	private readonly chunks: string[] = [];
	/** What earlier connections have passed on. */
	private known = '';
	/** How much of that this connection has repeated, in characters. */
	private repeated = 0;
	private ids = new Set<string>();
	private bytes = 0;
	private strangeLines = 0;

	constructor(private readonly onText: (text: string) => void) {}

	/** Never throws: what breaks ends the stream. */
	async read(body: ResponseBody): Promise<void> {
		this.known = this.chunks.join('');
		this.repeated = 0;
		this.ids = new Set();
		const parser = createParser({
			maxBufferSize: MAX_EVENT_LENGTH,
			onEvent: (event) => this.take(event),
			onError: ({ type }) => this.strange(type === 'max-buffer-size-exceeded'),
		});
		const lines = new LineBreaks();
		const chunks = body[Symbol.asyncIterator]();
		try {
			while (!this.isDone) {
				const chunk = await chunks.next().catch(() => ({ done: true, value: undefined }) as const);
				if (chunk.done) break;
				this.bytes += chunk.value.length;
				if (this.bytes > MAX_STREAM_BYTES) this.isDone = true;
				else this.parse(parser, lines.of(chunk.value));
			}
		} catch {
			// Whoever is passed the text does not want it.
			this.isDone = true;
		} finally {
			body.discard();
		}
	}

	private parse({ feed }: EventSourceParser, text: string): void {
		for (let at = 0; at < text.length && !this.isDone; at += PARSED_AT_ONCE) {
			feed(text.slice(at, at + PARSED_AT_ONCE));
		}
	}

	private strange(isTooLong: boolean): void {
		this.strangeLines += 1;
		if (isTooLong || this.strangeLines > MAX_STRANGE_LINES) this.isDone = true;
	}

	private take({ event, id, data }: { event?: string; id?: string; data: string }): void {
		if (event === 'done' || event === 'error') this.isDone = true;
		if (event !== 'output' || this.isDone) return;
		if (id !== undefined && this.ids.has(id)) return;
		if (id !== undefined) this.ids.add(id);
		const text = this.beyondKnown(data);
		if (text === '') return;
		this.chunks.push(text);
		this.onText(text);
	}

	/** What of a text is new. Another text than before cannot take its place, and ends the preview. */
	private beyondKnown(text: string): string {
		const { known, repeated } = this;
		const rest = known.slice(repeated, repeated + text.length);
		if (!text.startsWith(rest)) this.isDone = true;
		if (this.isDone) return '';
		this.repeated += rest.length;
		return text.slice(rest.length);
	}
}

/** The text of a connection with LF at the end of each line: the parser is quadratic for any other. */
class LineBreaks {
	private readonly decoder = new TextDecoder();
	private endedWithCr = false;

	of(chunk: Uint8Array): string {
		const text = this.decoder.decode(chunk, { stream: true });
		const isSplit = this.endedWithCr && text.startsWith('\n');
		if (text !== '') this.endedWithCr = text.endsWith('\r');
		return (isSplit ? text.slice(1) : text).replace(/\r\n?/g, '\n');
	}
}
