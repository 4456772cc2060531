import type { FastifyInstance } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPending } from '../run';
import { notFound } from '../problems';
import type { Api } from './api';

/** How often a stream looks for new output, in ms. */
const LOOK_MS = 5;

/** The text of predictions as server-sent events, to anybody who knows the address. */
export function streamRoutes(server: FastifyInstance, api: Api): void {
	server.get<{ Params: { id: string } }>('/v1/streams/:id', async (request, reply) => {
		const prediction = api.predictions.all.find(({ id }) => id === request.params.id);
		if (!prediction) throw notFound();
		reply.hijack();
		const { raw } = reply;
		raw.writeHead(200, { 'content-type': 'text/event-stream' });
		const begun = Math.floor(prediction.createdAt / 1_000);
		for (let sent = 0; !raw.destroyed; await sleep(LOOK_MS)) {
			const isOver = !isPending(prediction);
			const tokens = Array.isArray(prediction.output) ? (prediction.output as unknown[]) : [];
			for (; sent < tokens.length; sent++) {
				const lines = String(tokens[sent]).split('\n');
				const data = lines.map((line) => `data: ${line}\n`).join('');
				raw.write(`event: output\nid: ${begun}:${sent}\n${data}\n`);
			}
			if (!isOver) continue;
			raw.end(`event: done\ndata: {}\n\n`);
			return;
		}
	});
}
