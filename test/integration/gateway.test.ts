import { OFFICIAL_BASE_URL } from '../../dev/sandbox/gateway';
import { fileInput, runModel, startWorld, type World } from './world';

const HEADER = { name: 'cf-aig-authorization', value: 'Bearer gateway-token-1' };
const TOKEN = 'r8_behind_a_gateway';

/** A gateway such as Cloudflare's: a prefix, a header of its own, and links that it does not rewrite. */
describe('behind a gateway', () => {
	let world: World;
	const credential = (values: Array<typeof HEADER>) => ({
		apiToken: TOKEN,
		baseUrl: world.sandbox.baseUrl,
		headers: { values },
	});
	beforeAll(async () => {
		const gateway = { prefix: '/v1/account/gateway/replicate', header: HEADER };
		world = await startWorld('filesystem', { gateway, tokens: { [TOKEN]: 'sandbox' }, bootMs: 1 });
	});
	beforeEach(() => {
		world.sandbox.forget();
		world.engine.setCredential(credential([HEADER]) as never);
	});
	afterAll(async () => await world.stop());

	it('runs a model: upload, create, poll and download', async () => {
		const large = await world.fileItem(Buffer.alloc(1_500_000, 7), 'a.bin', 'image/png');
		const parameters = runModel('sandbox/checksum', fileInput('file'));
		const { items, error } = await world.run({ parameters }, [large]);
		expect(error).toBeUndefined();
		expect(items[0]!.json.output).toMatchObject([{ size: 1_500_000 }]);
		const slow = runModel('sandbox/slow', { inputJson: '{"seconds":1.5}' });
		world.sandbox.predictions.boot = async () => await Promise.resolve();
		expect((await world.run({ parameters: slow })).items[0]!.json.status).toBe('succeeded');
		const paths = world.sandbox.requests.map(({ path }) => path);
		expect(paths.filter((path) => path === '/v1/files')).toHaveLength(1);
		for (const { headers } of world.sandbox.requests) {
			expect(headers).toMatchObject({
				authorization: `Bearer ${TOKEN}`,
				[HEADER.name]: HEADER.value,
			});
		}
	});

	it('reads lists to their end, by links that name the official host', async () => {
		const seed = runModel('sandbox/tokens', { inputJson: '{"prompt":"x"}' });
		await world.run({ parameters: seed });
		const { model } = world.sandbox.predictions.all[0]!;
		const until = world.sandbox.clock.now() - 1_000;
		const theirs = { owner: 'sandbox', model, input: {}, from: until - 1_000, until };
		world.sandbox.predictions.addEnded(250, theirs);
		const parameters = { resource: 'prediction', operation: 'getAll', returnAll: true };
		expect((await world.run({ parameters })).items).toHaveLength(251);
	});

	it('fetches the files that the API itself has through the gateway', async () => {
		const address = world.sandbox.outputFiles.add('sandbox', 'a.txt', Buffer.from('mine'));
		expect(address).toMatch(`${OFFICIAL_BASE_URL}/files/`);
		const inputJson = JSON.stringify({ output: JSON.stringify(address) });
		const { items } = await world.run({ parameters: runModel('sandbox/says', { inputJson }) });
		expect((await world.engine.read(items[0]!.binary!.data!)).toString()).toBe('mine');
	});

	it('brings its header to no host of files', async () => {
		const url = await world.sandbox.delivery.host('a.txt', Buffer.from('public'));
		const inputJson = JSON.stringify({ output: JSON.stringify(url) });
		await world.run({ parameters: runModel('sandbox/says', { inputJson }) });
		expect(world.sandbox.delivery.requests).toHaveLength(1);
		expect(JSON.stringify(world.sandbox.delivery.requests)).not.toMatch(/cf-aig|gateway-token|r8_/);
	});

	it('does not bring its header along on a redirect', async () => {
		const url = await world.sandbox.delivery.host('a.txt', Buffer.from('public'));
		world.sandbox.faults.plan('GET', /\/account$/, {
			kind: 'answer',
			status: 307,
			headers: { location: url },
		});
		const { error } = await world.run({ parameters: { resource: 'account', operation: 'get' } });
		expect(error!.message).toMatch(/\(HTTP 307\)/);
		expect(world.sandbox.delivery.requests).toEqual([]);
	});

	it('shows neither token nor header where the gateway repeats them', async () => {
		const echo = { detail: `headers: ${HEADER.value}; ${TOKEN}`, value: 'gateway-token-1' };
		for (const status of [200, 403, 500]) {
			const body = JSON.stringify(status === 200 ? { username: 'x', ...echo } : echo);
			world.sandbox.faults.plan('GET', /\/account$/, { kind: 'answer', status, body }, 1);
			const { run } = await world.run({ parameters: { resource: 'account', operation: 'get' } });
			expect(JSON.stringify(run)).not.toMatch(/gateway-token-1|r8_behind/);
		}
	});

	it('shows no header with quotes in it where the gateway repeats it in JSON', async () => {
		const secret = { name: 'x-team', value: '{"key":"gateway \\ secret"}' };
		world.engine.setCredential(credential([HEADER, secret]) as never);
		for (const status of [200, 403]) {
			const body = JSON.stringify({ username: 'x', detail: `got ${secret.value}` });
			world.sandbox.faults.plan('GET', /\/account$/, { kind: 'answer', status, body }, 1);
			const { run, items, error } = await world.run({
				parameters: { resource: 'account', operation: 'get' },
			});
			expect(JSON.stringify(items[0]?.json ?? error!.description)).toContain('[gateway header]');
			expect(JSON.stringify(run)).not.toMatch(/gateway \\+ secret/);
		}
	});

	it('says that the gateway refused, when its header is missing', async () => {
		world.engine.setCredential(credential([]) as never);
		const { error } = await world.run({ parameters: { resource: 'account', operation: 'get' } });
		expect(error!.httpCode).toBe('401');
	});

	it('refuses a header that no request can carry, before anything is sent', async () => {
		world.engine.setCredential(credential([{ name: 'x-a', value: 'ä' }]) as never);
		const { error } = await world.run({ parameters: { resource: 'account', operation: 'get' } });
		expect(error!.message).toMatch(/^The value of the header "x-a"/);
		expect(world.sandbox.requests).toEqual([]);
	});
});
