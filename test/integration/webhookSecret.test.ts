import type { INodeParameters } from 'n8n-workflow';
import { runModel, startWorld, triggerNode, type World } from './world';

/** Calls of strangers to the addresses of webhooks: what they cost, and what they are told. */
describe('calls of strangers', () => {
	let world: World;
	beforeEach(async () => (world = await startWorld('filesystem', { bootMs: 1 })));
	afterEach(async () => await world.stop());

	const trigger = (parameters: INodeParameters = {}) =>
		world.engine.activate({
			nodes: [triggerNode(parameters)],
			connections: {},
		});
	const call = async (url: string, headers: Record<string, string> = {}, body = '{}') => {
		const response = await fetch(url, { method: 'POST', headers, body });
		return { status: response.status, text: await response.text() };
	};
	const forged = (n: number) => ({
		'webhook-id': `msg_${n}`,
		'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
		'webhook-signature': 'v1,AAAA',
	});
	const many = async (url: string, count: number) =>
		await Promise.all(Array.from({ length: count }, async (_, n) => await call(url, forged(n))));
	const reads = () => world.sandbox.counts.of('GET /webhooks/default/secret');
	const refuseToken = () =>
		world.sandbox.faults.plan(
			'GET',
			/default\/secret$/,
			{ kind: 'answer', status: 401, body: '{"detail":"Invalid token"}' },
			1_000,
		);
	/** The address at which Replicate resumes an execution that waits. */
	const suspended = async () => {
		world.sandbox.webhooks.options = { isLost: () => true };
		const parameters = runModel('sandbox/slow', {
			waitFor: 'callback',
			inputJson: '{"seconds":0}',
		});
		expect((await world.start({ parameters }).finished).status).toBe('waiting');
		return world.sandbox.predictions.all[0]!.webhook!.url;
	};

	it('read no secret when they are not signed at all, or long ago', async () => {
		const { url } = trigger();
		const old = { ...forged(0), 'webhook-timestamp': String(Math.floor(Date.now() / 1_000) - 400) };
		const unsigned = { ...forged(0), 'webhook-id': '' };
		for (const headers of [{}, old, unsigned]) expect((await call(url, headers)).status).toBe(401);
		expect(reads()).toBe(0);
	});

	it('read the secret once, however many come at once', async () => {
		const { url, runs } = trigger();
		const responses = await many(url, 200);
		expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([401]));
		expect(reads()).toBe(1);
		expect(runs).toHaveLength(0);
	});

	it.each(['the trigger', 'a callback'])(
		'learn nothing from %s, and read once, when the token is refused',
		async (place) => {
			const url = place === 'a callback' ? await suspended() : trigger().url;
			refuseToken();
			const first = await many(url, 50);
			const next = await many(url, 50);
			for (const { status, text } of [...first, ...next]) {
				expect(status).toBe(503);
				expect(text).not.toMatch(/token|credential|replicate/i);
			}
			expect(reads()).toBe(1);
		},
	);

	it.each([
		['has no token', { apiToken: '' }],
		['has a base URL without TLS', { baseUrl: 'http://replicate.example/v1' }],
	])('start nothing and learn nothing when the credential %s', async (_what, wrong) => {
		const { url, runs } = trigger();
		const resume = await suspended();
		const { token: apiToken, baseUrl } = world.sandbox;
		world.engine.setCredential({ apiToken, baseUrl, ...wrong });
		for (const one of [url, resume]) {
			const { status, text } = await call(one, forged(0));
			expect(status).toBe(503);
			expect(text).not.toMatch(/token|credential|replicate/i);
		}
		expect(runs).toHaveLength(0);
	});
});
