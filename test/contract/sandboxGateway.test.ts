import { OFFICIAL_BASE_URL } from '../../dev/sandbox/gateway';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';
import { callsTo } from './calls';

/** The sandbox behind a gateway such as Cloudflare's, which passes links on as they are. */
describe('the sandbox behind a gateway', () => {
	const prefix = '/v1/account/gateway/replicate';
	const passes = { 'cf-aig-authorization': 'Bearer gateway-token' };
	let sandbox: Sandbox;
	let calls: ReturnType<typeof callsTo>;

	beforeAll(async () => {
		const header = { name: 'cf-aig-authorization', value: passes['cf-aig-authorization'] };
		sandbox = await startSandbox({ bootMs: 0, gateway: { prefix, header } });
		calls = callsTo(sandbox);
	});
	afterEach(() => sandbox.forget());
	afterAll(async () => await sandbox.stop());

	const get = async (path: string) => await calls.call('GET', path, { headers: passes });
	const create = async (version: string, input: object) =>
		await calls.create(version, input, { headers: { ...passes, prefer: 'wait' } });

	it('has its address', async () => {
		expect(new URL(sandbox.baseUrl).pathname).toBe(prefix);
		expect(await get('/account')).toMatchObject({ status: 200, json: { username: 'sandbox' } });
	});

	it('lets nothing pass without its header, in a form of its own', async () => {
		const refused = await calls.call('GET', '/account');
		expect(refused).toMatchObject({ status: 401, json: { success: false } });
		expect(refused.json).not.toHaveProperty('detail');
		const headers = { 'cf-aig-authorization': 'Bearer other' };
		expect((await calls.call('GET', '/account', { headers })).status).toBe(401);
	});

	it('is not reached beside the prefix', async () => {
		const { origin } = new URL(sandbox.baseUrl);
		const direct = await fetch(`${origin}/v1/account`, {
			headers: { authorization: `Bearer ${sandbox.token}`, ...passes },
		});
		expect(direct.status).toBe(404);
	});

	it('names the official host in all links, which lead on by their path and query only', async () => {
		const { json } = await create('sandbox/tokens', { prompt: 'x' });
		expect(json!.urls.get).toBe(`${OFFICIAL_BASE_URL}/predictions/${json!.id}`);
		expect(json!.urls.stream).toMatch(OFFICIAL_BASE_URL);
		const { model } = sandbox.predictions.all[0]!;
		const until = sandbox.clock.now() - 1_000;
		const theirs = { owner: 'sandbox', model, input: {}, from: until - 1_000, until };
		sandbox.predictions.addEnded(100, theirs);
		const first = (await get('/predictions')).json!;
		expect(first.results).toHaveLength(100);
		expect(first.next).toMatch(`${OFFICIAL_BASE_URL}/predictions?cursor=`);
		const second = (await get(`/predictions${new URL(first.next!).search}`)).json!;
		expect(second.results).toHaveLength(1);
		expect(second.next).toBeNull();
	});

	it('passes uploads on, and gives models the files that their official links name', async () => {
		const form = new FormData();
		form.append('content', new Blob(['hello']), 'a.txt');
		const uploaded = await fetch(`${sandbox.baseUrl}/files`, {
			method: 'POST',
			headers: { authorization: `Bearer ${sandbox.token}`, ...passes },
			body: form,
		});
		const { urls } = (await uploaded.json()) as { urls: { get: string } };
		expect(urls.get).toMatch(`${OFFICIAL_BASE_URL}/files/`);
		const { json } = await create('sandbox/checksum', { file: urls.get });
		expect(json).toMatchObject({ status: 'succeeded', output: [{ name: 'a.txt', size: 5 }] });
	});
});
