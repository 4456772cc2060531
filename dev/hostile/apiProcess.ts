/**
 * A server in a process of its own that answers like Replicate's API, with what its parent plans. It
 * keeps to no rule of Replicate, so that anything can be tried on whoever calls it.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WEBHOOK_SECRET, type HostilePlan } from './plan';

let plan: HostilePlan = {};
let created = 0;
let hasStreamed = false;

function prediction(id: string, origin: string): string {
	const isRunning = plan.stream !== undefined && !hasStreamed;
	const status = isRunning ? 'processing' : 'succeeded';
	const stream = plan.stream === undefined ? '' : `,"stream":"${origin}/stream"`;
	const output = isRunning ? 'null' : (plan.output ?? 'null');
	return `{"id":"${id}","model":"a/b","status":"${status}","input":{},"urls":{"get":"${origin}/v1/predictions/${id}"${stream}},"output":${output}}`;
}

function answer(response: ServerResponse, status: number, body: string): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

const server = createServer((request, response) => {
	request.resume();
	const { method, url = '' } = request;
	const origin = `http://${request.headers.host}`;
	if (method === 'POST') {
		if (plan.refusal) return answer(response, plan.refusal.status, plan.refusal.body);
		created += 1;
		hasStreamed = false;
		return answer(response, 201, prediction(`hostile${created}`, origin));
	}
	if (url === '/stream') {
		response.on('close', () => (hasStreamed = true));
		return void response
			.writeHead(200, { 'content-type': 'text/event-stream' })
			.end(plan.stream ?? '');
	}
	if (url.endsWith('/secret'))
		return answer(response, 200, JSON.stringify({ key: WEBHOOK_SECRET }));
	const [, id] = /\/predictions\/(\w+)/.exec(url) ?? [];
	if (id !== undefined) return answer(response, 200, prediction(id, origin));
	const version = `{"id":"${'0'.repeat(64)}","openapi_schema":${plan.schema ?? '{}'}}`;
	if (url.includes('/versions/')) return answer(response, 200, version);
	answer(response, 200, `{"owner":"a","name":"b","latest_version":${version}}`);
});

process.on('message', (next: HostilePlan) => {
	plan = next;
	process.send!('planned');
});
server.listen(0, '127.0.0.1', () => {
	process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
