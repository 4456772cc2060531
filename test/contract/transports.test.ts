/** @jest-environment ./test/integration/realProcess.ts */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { startEngine, type Engine } from '../../dev/engine/engine';
import { ApiError, InputError, StoppedError } from '../../nodes/shared/api/errors';
import { exchange, readText } from '../../nodes/shared/api/exchange';
import type { Limits } from '../../nodes/shared/api/timeLimit';
import type { HttpHelpers, HttpRequest, OpenTransport } from '../../nodes/shared/api/transport';
import { openTransport as n8n } from '../../transports/n8n';
import { openTransport as undici } from '../../transports/undici';
import { deadPort, fileOf, startPeer, type Peer } from './transports/peer';
import { until } from '../timing';

declare const realProcess: NodeJS.Process;

const MB = 1_048_576;

/** Hands out the helpers that n8n gives a node that runs. */
class HelpersNode implements INodeType {
	static helpers: HttpHelpers;
	description: INodeTypeDescription = {
		displayName: 'Helpers',
		name: 'helpers',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: {},
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		HelpersNode.helpers = this.helpers;
		return [[]];
	}
}

/** What both editions of the package can rely on, whatever sends their requests. */
describe.each<[string, OpenTransport]>([
	['undici', undici],
	['n8n', n8n],
])('the transport %s', (name, open) => {
	let engine: Engine;
	let peer: Peer;
	const warnings: Error[] = [];
	const note = (warning: Error) => warnings.push(warning);

	beforeAll(async () => {
		realProcess.on('warning', note);
		engine = await startEngine({
			packageFolder: resolve(__dirname, '../..'),
			binaryMode: 'filesystem',
			credential: {},
			nodes: { 'test.helpers': new HelpersNode() },
		});
		const node = { id: 'a', name: 'a', type: 'test.helpers', typeVersion: 1, parameters: {} };
		await engine.start({ nodes: [{ ...node, position: [0, 0] }], connections: {} }).finished;
	});
	afterAll(async () => {
		await engine.stop();
		realProcess.off('warning', note);
		expect(warnings.filter((warning) => warning.name.startsWith('MaxListeners'))).toEqual([]);
	});
	beforeEach(async () => (peer = await startPeer()));
	afterEach(async () => await peer.stop());

	const transport = () => open(HelpersNode.helpers);
	const ask = async (request: Partial<HttpRequest> = {}, limits: Partial<Limits> = {}) =>
		await exchange(
			transport(),
			{ method: 'GET', url: peer.url(), headers: {}, ...request },
			{ responseMs: 20_000, pauseMs: 20_000, ...limits },
		);
	/** The `failure` of the error with which a request ends. */
	const failureOf = async (asked: Promise<unknown>) => {
		const error = await asked.then(
			() => undefined,
			(reason: unknown) => reason,
		);
		expect(error).toBeInstanceOf(ApiError);
		return (error as ApiError).failure;
	};

	describe('sends', () => {
		it('method, path, query, headers and JSON as they are, under the package’s name', async () => {
			const body = ' { "prompt": "ein Kätzchen 🐈" } ';
			let sent = '';
			peer.respond = (request, response) => {
				request.setEncoding('utf8').on('data', (text) => (sent += text));
				request.on('end', () => response.writeHead(201, { 'X-Seen': 'yes' }).end('{}'));
			};
			const headers = {
				'content-type': 'application/json',
				authorization: 'Bearer r8_x',
				prefer: 'wait=5',
			};
			const url = peer.url('/v1/a%2Fb?q=%20x&after=1');
			const response = await ask({ method: 'POST', url, headers, body: Buffer.from(body) });
			expect(response.status).toBe(201);
			expect(response.headers['x-seen']).toBe('yes');
			expect(await readText(response.body)).toBe('{}');
			const [request] = peer.asked;
			expect(request).toMatchObject({ method: 'POST', url: '/v1/a%2Fb?q=%20x&after=1' });
			expect(request!.headers).toMatchObject(headers);
			expect(request!.headers['content-length']).toBe(String(Buffer.byteLength(body)));
			expect(request!.headers['user-agent']).toMatch(/^n8n-nodes-\S+\/\d/);
			expect(sent).toBe(body);
		});

		it.each(['POST', 'PATCH', 'DELETE'] as const)('a %s without a body', async (method) => {
			await readText((await ask({ method })).body);
			expect(peer.asked[0]!.method).toBe(method);
			expect(peer.asked[0]!.headers['content-type']).toBeUndefined();
			expect(peer.asked[0]!.headers['content-length'] ?? '0').toBe('0');
		});

		it('no wish for a compressed response', async () => {
			await readText((await ask()).body);
			expect(peer.asked[0]!.headers['accept-encoding'] ?? 'identity').toBe('identity');
		});
	});

	describe('an upload', () => {
		it('has its length and type, and its bytes', async () => {
			const hash = createHash('sha256');
			peer.respond = (request, response) => {
				request.on('data', (chunk: Buffer) => hash.update(chunk));
				request.on('end', () => response.end(hash.digest('hex')));
			};
			const { body, headers } = fileOf(5 * MB + 1);
			const copy = createHash('sha256');
			for await (const chunk of fileOf(5 * MB + 1).body) copy.update(chunk);
			const response = await ask({ method: 'POST', headers, body });
			expect(await readText(response.body)).toBe(copy.digest('hex'));
			expect(peer.asked[0]!.headers).toMatchObject(headers);
			expect(peer.asked[0]!.headers['transfer-encoding']).toBeUndefined();
		});

		it('is read no faster than it is sent', async () => {
			const { file, body, headers } = fileOf(200 * MB);
			// Reads nothing until it is told to.
			let goOn = () => {};
			peer.respond = (request, response) => {
				goOn = () => request.resume().on('end', () => response.end());
			};
			const sending = ask({ method: 'POST', headers, body });
			await sleep(700);
			const taken = file.taken;
			// What the system and both ends hold in between.
			expect(taken).toBeLessThan(40 * MB);
			goOn();
			await readText((await sending).body);
			expect(file.taken).toBe(file.bytes);
		});

		it.each([
			['is stopped', () => ({ signal: AbortSignal.timeout(200) }), StoppedError],
			['stalls', () => ({ responseMs: 200 }), ApiError],
		])('lets go of the file and of the connection when it %s', async (_why, limits, type) => {
			const { file, body, headers } = fileOf(200 * MB);
			// It hears of the end only when it reads.
			peer.respond = (request) => void setTimeout(() => request.resume(), 1_000);
			await expect(ask({ method: 'POST', headers, body }, limits())).rejects.toBeInstanceOf(type);
			expect(file.taken).toBeGreaterThan(0);
			await peer.closed();
			await until(() => file.closed);
		});

		it('fails with the error of its file, not as a broken connection', async () => {
			async function* broken(): AsyncGenerator<Uint8Array> {
				yield Buffer.alloc(1_000);
				throw new InputError('n8n could not read the file', { code: 'fileNotStored' });
			}
			const headers = { 'content-type': 'a/b', 'content-length': '5000' };
			await expect(ask({ method: 'POST', headers, body: broken() })).rejects.toThrow(
				'n8n could not read the file',
			);
			await peer.closed();
		});

		it('takes a refusal that comes early, and lets go of the file', async () => {
			const { file, body, headers } = fileOf(200 * MB);
			peer.respond = (_request, response) =>
				response.writeHead(413, { connection: 'close' }).end('too large');
			const refused = await ask({ method: 'POST', headers, body }).then(
				async (response) => `${response.status} ${await readText(response.body)}`,
				// Some systems report the closed connection before the response.
				(error: ApiError) => error.failure.kind,
			);
			expect(['413 too large', 'network']).toContain(refused);
			await until(() => file.closed);
		});
	});

	describe('a redirect', () => {
		it.each([301, 302, 303, 307, 308])(
			'of status %i is given back, not followed',
			async (status) => {
				peer.respond = (request, response) =>
					request
						.resume()
						.on('end', () => response.writeHead(status, { location: '/elsewhere' }).end('moved'));
				const { body, headers } = fileOf(MB);
				const authorization = 'Bearer r8_x';
				for (const request of [
					{ headers: { authorization } },
					{ method: 'POST' as const, headers: { ...headers, authorization }, body },
				]) {
					const response = await ask(request);
					expect(response.status).toBe(status);
					expect(response.headers.location).toBe('/elsewhere');
					await readText(response.body);
				}
				expect(peer.asked.map(({ url }) => url)).toEqual(['/', '/']);
			},
		);
	});

	describe('a response', () => {
		it.each([204, 400, 401, 404, 422, 429, 500, 503])(
			'of status %i is no error',
			async (status) => {
				peer.respond = (_request, response) => response.writeHead(status).end();
				const response = await ask();
				expect(response.status).toBe(status);
				expect(await readText(response.body)).toBe('');
			},
		);

		it('comes in chunks as they are sent, as server-sent events do', async () => {
			let more = () => {};
			peer.respond = (_request, response) => {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				response.write('data: one\n\n');
				more = () => response.end('data: two\n\n');
			};
			const { body } = await ask();
			const chunks = body[Symbol.asyncIterator]();
			const text = async () => Buffer.from((await chunks.next()).value as Uint8Array).toString();
			expect(await text()).toBe('data: one\n\n');
			more();
			expect(await text()).toBe('data: two\n\n');
			expect((await chunks.next()).done).toBe(true);
		});

		it('is read no faster than it is taken', async () => {
			const { file, body: content } = fileOf(200 * MB);
			peer.respond = (_request, response) => void Readable.from(content).pipe(response);
			const { body } = await ask();
			const chunks = body[Symbol.asyncIterator]();
			await chunks.next();
			await sleep(500);
			expect(file.taken).toBeLessThan(40 * MB);
			body.discard();
			await peer.closed();
		});

		it('becomes a stream that n8n stores', async () => {
			peer.respond = (_request, response) => response.end(Buffer.alloc(3 * MB, 'abc'));
			const { body } = await ask();
			const kept = await engine.keep(body.toStream(body) as never, 'a.bin', 'a/b');
			expect((await engine.read(kept)).equals(Buffer.alloc(3 * MB, 'abc'))).toBe(true);
		});

		it.each(['before', 'while'])(
			'that is discarded %s it is read closes its connection',
			async (when) => {
				peer.respond = (_request, response) => void response.writeHead(200).write('begin');
				const { body } = await ask();
				if (when === 'while') {
					for await (const chunk of body) {
						expect(Buffer.from(chunk).toString()).toBe('begin');
						break;
					}
				} else {
					body.discard();
				}
				await peer.closed();
			},
		);

		it('that is stopped while it is read closes its connection', async () => {
			peer.respond = (_request, response) => void response.writeHead(200).write('begin');
			const stop = new AbortController();
			const { body } = await ask({}, { signal: stop.signal });
			const reading = readText(body);
			setTimeout(() => stop.abort(), 50);
			await expect(reading).rejects.toBeInstanceOf(StoppedError);
			await peer.closed();
		});

		it('that stalls ends, and one that moves does not', async () => {
			peer.respond = async (_request, response) => {
				response.writeHead(200);
				for (let chunk = 0; chunk < 8; chunk++) {
					response.write('x');
					await sleep(50);
				}
			};
			const began = performance.now();
			const { body } = await ask({}, { pauseMs: 250 });
			expect(await failureOf(readText(body))).toMatchObject({ code: 'STALLED', sent: true });
			expect(performance.now() - began).toBeGreaterThan(500);
			await peer.closed();
		});

		it('that never ends ends with its whole time', async () => {
			peer.respond = async (_request, response) => {
				response.writeHead(200);
				while (!response.destroyed) {
					response.write('x');
					await sleep(20);
				}
			};
			const { body } = await ask({}, { totalMs: 300 });
			expect(await failureOf(readText(body))).toMatchObject({ code: 'TIME_UP', sent: true });
			await peer.closed();
		});

		it('that breaks off is an error, never a shorter text', async () => {
			peer.respond = (_request, response) => {
				response.writeHead(200, { 'content-length': 100 });
				response.write('begin', () => setTimeout(() => response.destroy(), 30));
			};
			const { body } = await ask();
			expect(await failureOf(readText(body))).toMatchObject({ sent: true });
		});
	});

	describe('a failure', () => {
		it.each([
			['a refused connection', async () => `http://127.0.0.1:${await deadPort()}/`],
			['an unknown host', async () => 'http://name.invalid/'],
		])('of %s sent nothing', async (_what, address) => {
			const request = ask({
				method: 'POST',
				body: Buffer.from('{}'),
				url: new URL(await address()),
			});
			expect(await failureOf(request)).toMatchObject({ kind: 'network', sent: false });
		});

		it('to agree on TLS sent nothing, and does not pass', async () => {
			const url = new URL(peer.origin.replace('http:', 'https:'));
			expect(await failureOf(ask({ url }))).toMatchObject({ sent: false, permanent: true });
		});

		it.each([
			['before', (send: () => void) => send()],
			['after', (send: () => void) => void setTimeout(send, 50)],
		])(
			'of a connection that is cut %s the request was read may have sent it',
			async (_when, cut) => {
				peer.respond = (request) => cut(() => request.socket.destroy());
				const failure = await failureOf(ask({ method: 'POST', body: Buffer.from('{}') }));
				expect(failure).toMatchObject({ kind: 'network', sent: true });
			},
		);

		it('of a server that never responds may have sent it', async () => {
			peer.respond = () => undefined;
			const failure = await failureOf(
				ask({ method: 'POST', body: Buffer.from('{}') }, { responseMs: 150 }),
			);
			expect(failure).toMatchObject({ code: 'TIME_UP', sent: true });
			await peer.closed();
		});

		it('by a signal that was aborted before asks nobody', async () => {
			const asked = ask({}, { signal: AbortSignal.abort() });
			await expect(asked).rejects.toBeInstanceOf(StoppedError);
			expect(peer.asked).toEqual([]);
		});

		it('holds no secret of the request', async () => {
			const headers = { authorization: 'Bearer r8_secret' };
			const url = new URL(`http://127.0.0.1:${await deadPort()}/`);
			const error = await ask({ url, headers }).catch((reason: unknown) => reason);
			expect(JSON.stringify({ ...(error as object), stack: (error as Error).stack })).not.toMatch(
				/r8_secret/,
			);
		});
	});

	it('carries a hundred requests at a time', async () => {
		peer.respond = (request, response) => response.end(request.url);
		const stop = new AbortController();
		const texts = await Promise.all(
			Array.from({ length: 100 }, async (_, n) => {
				const { body } = await ask({ url: peer.url(`/${n}`) }, { signal: stop.signal });
				return await readText(body);
			}),
		);
		expect(texts).toEqual(Array.from({ length: 100 }, (_, n) => `/${n}`));
	});

	it(`${name === 'undici' ? 'keeps' : 'opens'} connections as the editions’ table says`, async () => {
		peer.respond = (request, response) => response.end(request.url);
		for (let n = 0; n < 5; n++) await readText((await ask()).body);
		const connections = new Set(peer.ports).size;
		expect(connections).toBe(name === 'undici' ? 1 : 5);
	});
});
