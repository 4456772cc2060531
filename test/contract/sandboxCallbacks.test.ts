import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';
import { callsTo } from './calls';

/** Callbacks that get lost, come twice, late or in another order. */
describe('callbacks of the sandbox', () => {
	let sandbox: Sandbox;
	let calls: ReturnType<typeof callsTo>;
	let listener: Server;
	/** Prompts of the predictions that were reported, in order. */
	const received: string[] = [];

	beforeAll(async () => {
		sandbox = await startSandbox({ bootMs: 0 });
		calls = callsTo(sandbox);
		listener = createServer(async (request, response) => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk as Buffer);
			received.push(JSON.parse(Buffer.concat(chunks).toString()).input.prompt);
			response.end();
		}).listen(0, '127.0.0.1');
		await new Promise((resolve) => listener.once('listening', resolve));
	});
	afterEach(() => {
		sandbox.webhooks.options = {};
		sandbox.forget();
		received.length = 0;
	});
	afterAll(async () => {
		await sandbox.stop();
		listener.closeAllConnections();
		await new Promise((resolve) => listener.close(resolve));
	});

	const createAll = async (count: number) => {
		const { port } = listener.address() as AddressInfo;
		const webhook = `http://127.0.0.1:${port}/`;
		for (let n = 0; n < count; n++) {
			const body = {
				version: 'sandbox/tokens',
				input: { prompt: String(n) },
				webhook,
				webhook_events_filter: ['completed'],
			};
			expect((await calls.call('POST', '/predictions', { body })).status).toBe(201);
		}
		await Promise.all(sandbox.predictions.all.map(async ({ ended }) => await ended));
	};
	const until = async (count: number) => {
		while (received.length < count) await sleep(5);
	};

	it.each([
		['an unknown event', ['completed', 'finished'], 'webhook_events_filter.1'],
		['a text instead of a list', 'completed', 'webhook_events_filter'],
	])('are not asked for with %s', async (_name, events, field) => {
		const { status, json } = await calls.call('POST', '/predictions', {
			body: {
				version: 'sandbox/tokens',
				input: { prompt: 'x' },
				webhook: 'https://example.com/',
				webhook_events_filter: events,
			},
		});
		expect(status).toBe(422);
		expect(json!.invalid_fields).toEqual([expect.objectContaining({ field })]);
		expect(sandbox.predictions.all).toEqual([]);
	});

	it('get lost and come twice', async () => {
		sandbox.webhooks.options = { copies: 2, isLost: (_event, { input }) => input.prompt === '1' };
		await createAll(3);
		await until(4);
		expect([...received].sort()).toEqual(['0', '0', '2', '2']);
	});

	it('come in another order', async () => {
		const draws = [0.9, 0.6, 0.3, 0];
		sandbox.webhooks.options = { shuffleMs: 2_000, random: () => draws.shift() ?? 0 };
		await createAll(4);
		await until(4);
		expect(received).toEqual(['3', '2', '1', '0']);
	});

	it('wait for the moment that the test chooses', async () => {
		let letGo = () => {};
		const moment = new Promise<void>((resolve) => (letGo = resolve));
		sandbox.webhooks.options = { holdUntil: async () => await moment };
		await createAll(2);
		await sleep(100);
		expect(received).toEqual([]);
		letGo();
		await until(2);
		expect([...received].sort()).toEqual(['0', '1']);
	});
});
