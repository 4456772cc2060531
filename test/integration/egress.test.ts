import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isN8nSince } from '../../dev/engine/executions';
import { runModel, startWorld, triggerNode, type World } from './world';

const BLOCKED =
	/^n8n does not allow requests to the base URL of the Replicate credential \(http:\/\/127\.0\.0\.2/;

const describeWithFilter = isN8nSince('2.28') ? describe : describe.skip;

/** n8n's own egress filter, switched on by its operator: of this machine it allows one address only. */
describeWithFilter('n8n’s egress filter (since n8n 2.28)', () => {
	let world: World;
	let inside: Server;
	let baseUrl: string;
	let seen: string[] = [];

	beforeAll(async () => {
		process.env.N8N_SSRF_PROTECTION_ENABLED = 'true';
		process.env.N8N_SSRF_ALLOWED_IP_RANGES = '127.0.0.1/32';
		world = await startWorld('filesystem', { bootMs: 1 });
		inside = createServer((request, response) => {
			seen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
			response.end('{"username":"inside"}');
		});
		await new Promise<void>((resolve) => inside.listen(0, '127.0.0.2', resolve));
		baseUrl = `http://127.0.0.2:${(inside.address() as AddressInfo).port}/v1`;
	});
	beforeEach(() => {
		seen = [];
		world.engine.setCredential({ apiToken: world.sandbox.token, baseUrl: world.sandbox.baseUrl });
	});
	afterAll(async () => {
		inside.closeAllConnections();
		await Promise.all([world.stop(), new Promise((resolve) => inside.close(resolve))]);
	});

	const headers = { values: [{ name: 'metadata-flavor', value: 'Google' }] };
	const pointInside = () =>
		world.engine.setCredential({ apiToken: 'r8_any', baseUrl, headers } as never);

	it('is asked for the base URL, which then gets no request of any kind', async () => {
		pointInside();
		for (const parameters of [
			{ resource: 'account', operation: 'get' },
			runModel('sandbox/tokens', { inputJson: '{"prompt":"x"}' }),
		]) {
			const { error } = await world.run({ parameters });
			expect(error!.message).toMatch(BLOCKED);
			expect(error!.description).toMatch(/restricted IP address.*N8N_SSRF_ALLOWED_HOSTNAMES/);
		}
		await expect(world.inEditor('listSearch.searchModels', runModel(''), 'x')).rejects.toThrow(
			BLOCKED,
		);
		expect(seen).toEqual([]);
	});

	it('is asked for it by the trigger as well', async () => {
		pointInside();
		const { url, runs } = world.engine.activate({
			nodes: [triggerNode()],
			connections: {},
		});
		const at = String(Math.floor(Date.now() / 1_000));
		const forged = { 'webhook-id': 'a', 'webhook-timestamp': at, 'webhook-signature': 'v1,AAAA' };
		expect((await fetch(url, { method: 'POST', headers: forged, body: '{}' })).status).toBe(503);
		expect(runs).toHaveLength(0);
		expect(seen).toEqual([]);
	});

	it('lets the base URL pass that the operator allows, and its outputs', async () => {
		const address = await world.sandbox.delivery.host('a.txt', Buffer.from('fine'));
		const inputJson = JSON.stringify({ output: JSON.stringify(address) });
		const { items } = await world.run({ parameters: runModel('sandbox/says', { inputJson }) });
		expect((await world.engine.read(items[0]!.binary!.data!)).toString()).toBe('fine');
	});

	it('is asked for each address that an output names', async () => {
		const address = baseUrl.replace('/v1', '/a.png');
		const inputJson = JSON.stringify({ output: JSON.stringify(address) });
		const options = { outputHosts: '127.0.0.2' };
		const parameters = runModel('sandbox/says', { inputJson, options });
		const { items } = await world.run({ parameters });
		expect(items[0]!.json.files).toMatchObject([
			{ note: expect.stringMatching(/^Not downloaded: n8n does not allow it \(The request was/) },
		]);
		expect(seen).toEqual([]);
	});

	it('says of a name that nobody knows what any request says', async () => {
		world.engine.setCredential({ apiToken: 'r8_any', baseUrl: 'https://nowhere.invalid/v1' });
		const { error } = await world.run({ parameters: { resource: 'account', operation: 'get' } });
		expect(error!.message).toMatch(/^Could not get a response from https:\/\/nowhere\.invalid/);
	});
});
