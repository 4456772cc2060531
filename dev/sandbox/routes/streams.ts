import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamBreak } from '../language';
import { isSpoken } from '../models/speak';
import { notFound } from '../problems';
import { isPending, type SandboxPrediction } from '../run';
import type { Api } from './api';

/** How often a stream looks for new output, in ms. */
const LOOK_MS = 5;

type Response = FastifyReply['raw'];

/** The text of predictions as server-sent events, to anybody who knows the address. */
export function streamRoutes(server: FastifyInstance, api: Api): void {
	server.get<{ Params: { id: string } }>('/v1/streams/:id', async (request, reply) => {
		const run = api.predictions.all.find(({ id }) => id === request.params.id);
		if (!run || !isSpoken(run.model.schemas.Output)) throw notFound();
		reply.hijack();
		const { raw } = reply;
		raw.writeHead(200, { 'content-type': 'text/event-stream' });
		raw.flushHeaders();
		await sendEvents(raw, run, api.language.takeBreak());
	});
}

/** Each stream begins with the first token, also when it is opened anew. */
async function sendEvents(
	raw: Response,
	run: SandboxPrediction,
	broken: StreamBreak | undefined,
): Promise<void> {
	const begun = broken?.isRenumbered ? randomUUID() : Math.floor(run.createdAt / 1_000);
	const { after: max = 0 } = broken ?? { after: Infinity };
	for (let sent = 0; !raw.destroyed; await sleep(LOOK_MS)) {
		const isOver = !isPending(run);
		const tokens = broken?.says ?? tokensOf(run);
		for (; sent < Math.min(tokens.length, max); sent++) {
			raw.write(`event: output\nid: ${begun}:${sent}\n${dataLines(String(tokens[sent]))}\n`);
		}
		if (broken && (isOver || sent >= max)) {
			await breakOff(raw, broken);
			return;
		}
		if (!isOver) continue;
		if (run.status === 'failed') raw.write(errorEvent(run.error ?? ''));
		raw.end(`event: done\ndata: ${JSON.stringify(reasonOf(run))}\n\n`);
		return;
	}
}

/** What was written, also of an output that the run's end took away. */
function tokensOf({ output, written }: SandboxPrediction): unknown[] {
	const tokens = output ?? written;
	return Array.isArray(tokens) ? (tokens as unknown[]) : [];
}

/** One line of data for each line of text (HTML standard, server-sent events). */
function dataLines(text: string): string {
	return text
		.split(/\r\n|\r|\n/)
		.map((line) => `data: ${line}\n`)
		.join('');
}

function errorEvent(detail: string): string {
	return `event: error\ndata: ${JSON.stringify({ detail })}\n\n`;
}

/** Why a stream is done (docs, streaming): nothing is said of success. */
function reasonOf({ status }: SandboxPrediction): { reason?: string } {
	if (status === 'succeeded') return {};
	return { reason: status === 'failed' ? 'error' : 'canceled' };
}

async function breakOff(raw: Response, { kind }: StreamBreak): Promise<void> {
	if (kind === 'end') raw.end();
	if (kind === 'error') raw.end(errorEvent('The stream broke'));
	if (kind === 'timeout') raw.end(': 408: 408 Request Timeout\n\n');
	if (kind !== 'cut') return;
	// What was written before leaves first.
	await sleep(LOOK_MS);
	raw.destroy();
}
