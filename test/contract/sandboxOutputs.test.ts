import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';
import { inOwnProcess } from '../ownProcess';
import { callsTo } from './calls';
import type { HugeResponse } from './hugeResponseProcess';

/** Outputs that are hard to take: files behind the token, texts that look like files, huge JSON. */
describe('outputs of the sandbox', () => {
	let sandbox: Sandbox;
	let calls: ReturnType<typeof callsTo>;

	beforeAll(async () => {
		sandbox = await startSandbox({ bootMs: 0, tokens: { r8_one: 'one', r8_two: 'two' } });
		calls = callsTo(sandbox);
	});
	afterEach(() => sandbox.forget());
	afterAll(async () => await sandbox.stop());

	const outputOf = async (...kinds: string[]) =>
		(await calls.run('sandbox/mixed', { kinds })).output as string[];
	const fetched = async (url: string, token?: string) =>
		await fetch(url, {
			redirect: 'manual',
			headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
		});

	it("lie on the API's own origin, for the token of their account only", async () => {
		const [url] = await outputOf('tokenFile');
		expect(url).toMatch(`${sandbox.baseUrl}/files/`);
		const file = await fetched(url!, 'r8_one');
		expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/png']);
		expect((await fetched(url!)).status).toBe(401);
		expect((await fetched(url!, 'r8_two')).status).toBe(404);
		sandbox.clock.advance(sandbox.retention.ms);
		expect((await fetched(url!, 'r8_one')).status).toBe(404);
	});

	it('redirect from there to another origin', async () => {
		const [url] = await outputOf('redirectedTokenFile');
		const response = await fetched(url!, 'r8_one');
		expect(response.status).toBe(302);
		const target = response.headers.get('location')!;
		expect(new URL(target).origin).not.toBe(new URL(url!).origin);
		expect((await fetched(target)).status).toBe(200);
		expect((await fetched(url!)).status).toBe(401);
	});

	it('are of several kinds at once, in a list or under keys', async () => {
		const kinds = ['file', 'missingFile', 'dataUri', 'brokenDataUri', 'textLikeDataUri', 'text'];
		const output = await outputOf(...kinds);
		expect((await fetched(output[0]!)).status).toBe(200);
		expect((await fetched(output[1]!)).status).toBe(404);
		expect(output.slice(2)).toEqual([
			expect.stringMatching(/^data:image\/png;base64,iVBOR/),
			'data:image/png;base64,%%%not base64%%%',
			'data: 12 cats',
			'a caption',
		]);
		const keyed = await calls.run('sandbox/mixed', { kinds, shape: 'object' });
		expect(Object.keys(keyed.output as object)).toEqual(kinds);
	});

	it.each(['text', 'rows'])('are 200 MB of JSON as %s, made while they are sent', async (shape) => {
		const file = join(__dirname, 'hugeResponseProcess.ts');
		const { type, bytes, sentBytes, end, grownBytes } = await inOwnProcess<HugeResponse>(
			file,
			shape,
		);
		expect(type).toContain('application/json');
		expect(bytes).toBeGreaterThan(200_000_000);
		expect(end).toMatch(/"urls":\{.*\}\}$/);
		expect(grownBytes / 1_000_000).toBeLessThan(150);
		expect(sentBytes).toBe(bytes);
	});

	it.each(['text', 'rows'])(
		'are valid JSON as %s, in lists and in callbacks too',
		async (shape) => {
			await calls.run('sandbox/huge', { megabytes: 1, shape });
			const { output } = (await calls.list())[0]!;
			const size = JSON.stringify(output).length;
			expect(size).toBeGreaterThan(999_000);
			expect(size).toBeLessThan(1_100_000);
			const body = JSON.stringify(sandbox.predictions.toJson(sandbox.predictions.all[0]!, ''));
			expect(sandbox.webhooks.sign('msg_1', body, 0)).toEqual(
				sandbox.webhooks.sign('msg_1', JSON.stringify({ ...JSON.parse(body), output }), 0),
			);
		},
	);

	it('drip from their host at the rate that is set', async () => {
		sandbox.delivery.bytesPerSecond = () => 3_000;
		const url = await sandbox.delivery.host('file.bin', Buffer.alloc(3_000, 'x'));
		const startedAt = Date.now();
		const bytes = await (await fetch(url)).arrayBuffer();
		const ms = Date.now() - startedAt;
		expect(bytes.byteLength).toBe(3_000);
		expect(ms).toBeGreaterThan(900);
	});
});
