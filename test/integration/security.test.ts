import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INodeListSearchResult, INodeParameters, ResourceMapperFields } from 'n8n-workflow';
import { itemsOf } from '../../dev/engine/engine';
import { nodeType } from '../../dev/packageName';
import { NODE, runForm, runModel, startWorld, triggerNode, type World } from './world';

/** As long as Replicate's own. */
const TOKEN = `r8_${'Ab0'.repeat(12)}x`;
/** What an expression would make of itself, if anybody ran it. */
const EXPRESSION = '={{ "ran" + (6 * 7) }}';

/** Attacks on the node through n8n's engine; see docs/threats.md. */
describe('attacks', () => {
	let world: World;
	let foreign: Server;
	let address: string;
	let seen: string[] = [];
	let respond: (response: ServerResponse) => void = (response) => response.end('x');
	const printed: string[] = [];

	beforeAll(async () => {
		for (const stream of [process.stdout, process.stderr]) {
			jest.spyOn(stream, 'write').mockImplementation((text) => {
				printed.push(String(text));
				return true;
			});
		}
		world = await startWorld('filesystem', { tokens: { [TOKEN]: 'sandbox' }, bootMs: 1 });
		foreign = createServer((request, response) => {
			seen.push(`${request.url} ${JSON.stringify(request.headers)}`);
			respond(response);
		});
		await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
		address = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`;
	});
	afterAll(async () => {
		jest.restoreAllMocks();
		foreign.closeAllConnections();
		await Promise.all([world.stop(), new Promise((resolve) => foreign.close(resolve))]);
	});
	beforeEach(() => {
		seen = [];
		respond = (response) => response.end('x');
	});

	const says = async (output: unknown, more: INodeParameters = {}) => {
		const inputJson = JSON.stringify({ output: JSON.stringify(output) });
		return await world.run({ parameters: runModel('sandbox/says', { inputJson, ...more }) });
	};
	const answer = (body: unknown, status = 200) =>
		({ kind: 'answer', status, body: JSON.stringify(body) }) as const;
	const creates = () =>
		world.sandbox.requests.filter(
			({ method, path }) => method === 'POST' && path === '/v1/predictions',
		).length;

	describe('on the token', () => {
		it('find it in no error, item, execution or log, even if a gateway repeats it', async () => {
			const { faults } = world.sandbox;
			const echo = { detail: `bad header: Authorization: Bearer ${TOKEN}`, token: TOKEN };
			const runs = [];
			for (const status of [400, 401, 403, 404, 422, 500]) {
				faults.plan('POST', /predictions$/, answer(echo, status));
				runs.push(await says('x'));
			}
			const output = { id: 'echo', status: 'succeeded', output: TOKEN, logs: TOKEN };
			faults.plan('POST', /predictions$/, answer(output, 201));
			const echoed = await says('x', { simplify: false });
			expect(echoed.items[0]!.json.output).toBe('[API token]');
			runs.push(echoed);
			expect(runs.filter(({ error }) => error)).toHaveLength(6);
			for (const { run, error } of runs) {
				expect(JSON.stringify([run, error])).not.toContain(TOKEN);
				expect(String((error as Error | undefined)?.stack)).not.toContain(TOKEN);
			}
			expect(printed.join('')).not.toContain(TOKEN);
		});

		it('do not lead it astray by redirects, or by links in answers', async () => {
			const { faults } = world.sandbox;
			faults.plan('GET', /\/account$/, {
				kind: 'answer',
				status: 307,
				headers: { location: `${address}/account` },
			});
			const { error } = await world.run({ parameters: { resource: 'account', operation: 'get' } });
			expect(error!.message).toMatch(/\(HTTP 307\)/);

			const urls = { get: address, cancel: address, stream: address, web: address };
			const running = { id: 'astray', status: 'processing', urls };
			faults.plan('POST', /predictions$/, answer(running, 201));
			faults.plan('GET', /predictions\/astray$/, answer({ ...running, status: 'succeeded' }));
			expect((await says('x')).items[0]!.json).toMatchObject({ status: 'succeeded' });
			const page = { results: [running], next: `${address}/v1/predictions?cursor=x` };
			faults.plan('GET', /\/predictions$/, answer(page));
			const listed = { resource: 'prediction', operation: 'getAll', returnAll: true };
			expect((await world.run({ parameters: listed })).items).toHaveLength(1);
			expect(seen).toEqual([]);
		});

		it('do not bring it to the hosts of files', async () => {
			await says(`${address}/a.png`);
			expect(seen).toHaveLength(1);
			expect(seen[0]).not.toMatch(/r8_|authorization/i);
		});
	});

	describe('by expressions', () => {
		it('are text in outputs, file names and keys', async () => {
			respond = (response) =>
				response
					.writeHead(200, {
						'content-disposition': `attachment; filename="${EXPRESSION.replaceAll('"', "'")}.png"`,
					})
					.end('x');
			const { items } = await says({ text: EXPRESSION, [EXPRESSION]: `${address}/x` });
			const { json, binary } = items[0]!;
			expect(json.output).toMatchObject({ text: EXPRESSION });
			const [file] = Object.values(binary!);
			expect(file!.fileName).toContain(EXPRESSION.replaceAll('"', "'"));
			expect(JSON.stringify(items)).not.toContain('ran42');
			expect((await says(EXPRESSION)).items[0]!.json.text).toBe(EXPRESSION);
		});

		it('would run in the form, so no model’s default or choice that is one gets there', async () => {
			const form = runForm('sandbox/tokens', { prompt: EXPRESSION });
			expect((await world.run({ parameters: form })).items[0]!.json.text).toContain('ran42');

			const properties = {
				prompt: { type: 'string', default: EXPRESSION },
				style: { enum: ['plain', EXPRESSION], default: EXPRESSION },
			};
			const schema = { components: { schemas: { Input: { properties } } } };
			const model = {
				owner: 'evil',
				name: 'form',
				latest_version: { id: 'a', openapi_schema: schema },
			};
			world.sandbox.faults.plan('GET', /\/models\/evil\/form$/, answer(model));
			const { fields } = await world.inEditor<ResourceMapperFields>(
				'resourceMapping.getModelInputs',
				runModel('evil/form'),
			);
			expect(fields.map(({ id }) => id)).toEqual(['prompt', 'style']);
			expect(JSON.stringify(fields)).not.toContain('={{');
		});

		it('are no entries of the lists that a builder picks from', async () => {
			const evil = [
				{ owner: EXPRESSION, name: 'x', is_official: true },
				{ owner: 'x', name: EXPRESSION },
				{ owner: 'good', name: 'model' },
				null,
			];
			world.sandbox.faults.plan(
				'GET',
				/\/search/,
				answer({ models: evil.map((model) => ({ model })) }),
			);
			const { results } = await world.inEditor<INodeListSearchResult>(
				'listSearch.searchModels',
				runModel(''),
				'x',
			);
			expect(results.map(({ value }) => value)).toEqual(['good/model']);
			const hardware = [
				{ name: 'CPU', sku: 'cpu' },
				{ name: 'Evil', sku: EXPRESSION },
			];
			world.sandbox.faults.plan('GET', /\/hardware$/, answer(hardware));
			expect(await world.inEditor('loadOptions.getHardware', {})).toEqual([
				{ name: 'CPU', value: 'cpu' },
			]);
		});
	});

	describe('by hostile answers and outputs', () => {
		it('do not reach the prototypes of objects', async () => {
			const evil =
				'{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"n":12345678901234567890}';
			const inputJson = `{"output":"\\"x\\"","__proto__":{"polluted":1},"nested":${evil}}`;
			const { items } = await world.run({ parameters: runModel('sandbox/says', { inputJson }) });
			expect(items).toHaveLength(1);
			const output = JSON.parse(evil.replace('"n"', `"constructor":"${address}/c","n"`)) as object;
			const said = await says(output, { binaryField: '__proto__' });
			expect(Object.keys(said.items[0]!.binary!)).toEqual(['data']);
			const elsewhere = await says({ constructor: 'https://elsewhere.example/x', toString: '1' });
			expect(elsewhere.items[0]!.binary).toBeUndefined();
			expect(({} as { polluted?: number }).polluted).toBeUndefined();
			expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
		});

		it('do not break the node by depth or by width', async () => {
			const deep = `${'['.repeat(5_000)}"${address}/deep.png"${']'.repeat(5_000)}`;
			const body = `{"id":"bomb","status":"succeeded","output":${deep}}`;
			world.sandbox.faults.plan('POST', /predictions$/, { kind: 'answer', status: 201, body });
			const bomb = await says('x', { simplify: false });
			expect(bomb.error).toBeUndefined();
			expect(JSON.stringify(bomb.items)).toContain('[nested too deeply]');
			const wide = Array.from({ length: 200_000 }, (_, n) => ({ n }));
			world.sandbox.faults.plan(
				'POST',
				/predictions$/,
				answer({ id: 'wide', status: 'succeeded', output: wide }, 201),
			);
			expect((await says('x')).items[0]!.json.output).toHaveLength(200_000);
			const inputJson = `{"output":${'['.repeat(9_000)}${']'.repeat(9_000)}}`;
			const { error } = await world.run({ parameters: runModel('sandbox/says', { inputJson }) });
			expect(error!.message).toBe('The input is nested too deeply [item 0]');
		});

		it('cannot send two content types for one file, or a type that breaks a header', async () => {
			respond = (response) => {
				response.writeHead(200, ['Content-Type', 'text/x-a', 'Content-Type', 'text/x-b']).end('x');
			};
			expect((await says(`${address}/a`)).items[0]!.binary!.data).toMatchObject({
				mimeType: 'text/x-a',
			});
			respond = (response) => response.writeHead(200, { 'content-type': 'text/x; a b' }).end('x');
			expect((await says(`${address}/a`)).items[0]!.binary!.data!.mimeType).toBe('text/x');
			// What no data URI begins with is text.
			const text = 'data:text/html\r\nx-evil: 1;base64,eA==';
			const { binary, json } = (await says(text)).items[0]!;
			expect([binary, json.text]).toEqual([undefined, text]);
		});

		it('cannot keep creates waiting for a gate that opens after their deadline', async () => {
			const before = creates();
			world.sandbox.faults.plan(
				'POST',
				/predictions$/,
				answer({ detail: 'throttled', retry_after: 5_000 }, 429),
			);
			const inputJson = '{"output":"1"}';
			const { items } = await world.run(
				{
					parameters: runModel('sandbox/says', {
						inputJson,
						options: { concurrency: 1, timeout: 60 },
					}),
					onError: 'continueRegularOutput',
				},
				[{ json: {} }, { json: {} }],
			);
			expect(items.map(({ json }) => json.error)).toEqual([
				expect.stringMatching(/limiting how fast/),
				expect.stringMatching(/^The prediction could not be created within the time limit/),
			]);
			expect(creates()).toBe(before + 1);
		});

		it('cannot make a create go out again, whatever they say of it', async () => {
			const before = creates();
			const bodies = ['', 'null', '0', '""', '[]', '{}', '{"id":5}', '<html>'];
			for (const body of bodies) {
				world.sandbox.faults.plan('POST', /predictions$/, { kind: 'answer', status: 201, body });
			}
			const inputJson = '={{ { output: JSON.stringify("lost " + $itemIndex) } }}';
			const options = { concurrency: bodies.length };
			const { items } = await world.run(
				{
					parameters: runModel('sandbox/says', { inputJson, options }),
					onError: 'continueRegularOutput',
				},
				bodies.map(() => ({ json: {} })),
			);
			for (const { json } of items) {
				expect(json.error).toMatch(/so it is not known whether the prediction was created/);
			}
			expect(items).toHaveLength(bodies.length);
			expect(creates()).toBe(before + bodies.length);
		});

		it('cannot choose an operation that does not exist', async () => {
			for (const operation of ['constructor', '__proto__', 'nothing']) {
				const parameters = { resource: 'prediction', operation };
				const { error } = await world.run({ parameters });
				expect(error!.message).toMatch(/^There is no operation ".*" of "prediction" \[item 0\]$/);
			}
		});

		it('cannot pass control and bidirectional characters on in an error', async () => {
			const detail = 'safe\u202egnp.exe\u0000\u001b[31m\nred';
			world.sandbox.faults.plan('POST', /predictions$/, answer({ detail }, 403));
			const { error } = await says('x');
			expect(error!.description).toContain('safegnp.exe[31m red');
			const field = { field: 'input.pro\u202empt', description: 'is\u0000 \u001b[31m\nred' };
			world.sandbox.faults.plan('POST', /predictions$/, answer({ invalid_fields: [field] }, 422));
			const refused = (await says('x')).error!;
			expect(refused.message).toContain('prompt: is [31m red');
			expect(`${refused.message}${refused.description}`).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
		});
	});

	describe('by forged webhooks', () => {
		const activate = () =>
			world.engine.activate({
				nodes: [triggerNode()],
				connections: {},
			});
		const post = async (url: string, headers: Record<string, string>, body: string) =>
			(await fetch(url, { method: 'POST', headers, body })).status;
		const forged = (n: number) => ({
			'content-type': 'application/json',
			'webhook-id': `msg_${n}`,
			'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
			'webhook-signature': 'v1,AAAA',
		});

		// What large ones cost is measured in a process of its own: hostile.test.ts, webhooks.
		it('of 15 MB are refused, and a flood does not flood Replicate', async () => {
			const { url, runs } = activate();
			const large = `{"id":"a","status":"succeeded","logs":"${'x'.repeat(15_000_000)}"}`;
			expect(await post(url, forged(0), large)).toBe(401);
			const reads = () =>
				world.sandbox.requests.filter(({ path }) => path.endsWith('/default/secret')).length;
			const before = reads();
			for (let n = 1; n <= 30; n++) expect(await post(url, forged(n), '{}')).toBe(401);
			expect(reads() - before).toBeLessThanOrEqual(1);
			expect(runs).toHaveLength(0);
		});

		it('that are signed, but hold no prediction, start nothing', async () => {
			const { url, runs } = activate();
			for (const body of ['{}', 'null', '[]', '{"id":{},"status":"succeeded"}', '"x"']) {
				const headers = world.sandbox.webhooks.sign(`msg_${body.length}`, body);
				expect(await post(url, headers, body)).toBe(401);
			}
			const odd = '{"id":"abc","status":"succeeded","logs":5,"urls":7,"output":{"weights":1}}';
			expect(await post(url, world.sandbox.webhooks.sign('msg_odd', odd), odd)).toBe(200);
			expect(itemsOf(await runs[0]!, 'Trigger')[0]!.json).toMatchObject({ id: 'abc' });
			expect(runs).toHaveLength(1);
		});
	});

	it('leave n8n’s own words for callbacks of a node with braces in its name', async () => {
		const name = 'Run "}} {{ $env }}"';
		const trigger = { id: 't', name: 'T', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 };
		const node = {
			id: 'r',
			name,
			type: nodeType('replicate'),
			typeVersion: 1,
			parameters: runModel('sandbox/slow', { inputJson: '{"seconds":0.5}', waitFor: 'callback' }),
			credentials: { replicateApi: { id: 'sandbox', name: 'Sandbox' } },
		};
		const place = { position: [0, 0] as [number, number] };
		const execution = world.engine.start({
			nodes: [
				{ ...trigger, ...place, parameters: {} },
				{ ...node, ...place },
			],
			connections: { T: { main: [[{ node: name, type: 'main', index: 0 }]] } },
		});
		expect((await execution.finished).status).toBe('waiting');
		const ended = await execution.ended;
		expect(itemsOf(ended, name)[0]!.json).toMatchObject({ status: 'succeeded' });
		expect(NODE).not.toBe(name);
	});
});
