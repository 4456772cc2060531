import dns from 'node:dns';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { versionOf } from '../../dev/sandbox/models/model';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';
import { endsBefore, until } from '../timing';
import { callsTo } from './calls';

/** What the sandbox does that the official client does not show. */
describe('the sandbox', () => {
	let now = Date.parse('2026-01-01T00:00:00Z');
	let sandbox: Sandbox;

	beforeAll(async () => {
		sandbox = await startSandbox({ tokens: { r8_one: 'one', r8_two: 'two' }, now: () => now });
	});
	afterAll(async () => await sandbox.stop());

	const call = async (
		method: string,
		path: string,
		options: { body?: unknown; headers?: object; token?: string } = {},
	) =>
		await fetch(`${sandbox.baseUrl}${path}`, {
			method,
			headers: {
				authorization: `Bearer ${options.token ?? 'r8_one'}`,
				...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
				...options.headers,
			},
			body: options.body === undefined ? undefined : JSON.stringify(options.body),
		});
	const json = async (answer: Response) => (await answer.json()) as Record<string, never>;
	const upload = async (size: number) => {
		const form = new FormData();
		form.append('content', new Blob([new Uint8Array(size)]), 'a.bin');
		return await fetch(`${sandbox.baseUrl}/files`, {
			method: 'POST',
			headers: { authorization: 'Bearer r8_one' },
			body: form,
		});
	};
	const slow = versionOf({ owner: 'sandbox', name: 'slow' });

	it('shows a file to its owner only, and for 24 hours', async () => {
		const { id } = await json(await upload(10));
		expect((await call('GET', `/files/${id}`)).status).toBe(200);
		expect((await call('GET', `/files/${id}`, { token: 'r8_two' })).status).toBe(404);
		expect((await fetch(`${sandbox.baseUrl}/files/${id}`)).status).toBe(401);
		now += 24 * 60 * 60 * 1000;
		expect((await call('GET', `/files/${id}`)).status).toBe(404);
	});

	it("lets no model read another account's file", async () => {
		const { urls } = (await json(await upload(10))) as unknown as { urls: { get: string } };
		const body = { version: 'sandbox/checksum', input: { file: urls.get } };
		const foreign = await json(
			await call('POST', '/predictions', { body, token: 'r8_two', headers: { prefer: 'wait' } }),
		);
		expect(foreign).toMatchObject({ status: 'failed', error: expect.stringContaining('404') });
		const own = await json(
			await call('POST', '/predictions', { body, headers: { prefer: 'wait' } }),
		);
		expect(own).toMatchObject({ status: 'succeeded', output: [{ size: 10 }] });
	});

	it('refuses a file of more than 100 MiB', async () => {
		const answer = await upload(100 * 1024 * 1024 + 1);
		expect(answer.status).toBe(413);
		expect(await json(answer)).toEqual({ detail: 'Files must be less than 100MB in size' });
	});

	it('forgets an output after an hour, and its file too', async () => {
		const input = {
			image: `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').toString('base64')}`,
		};
		const version = versionOf({ owner: 'sandbox', name: 'thumbnail' });
		const { id, output } = await json(
			await call('POST', '/predictions', { body: { version, input }, headers: { prefer: 'wait' } }),
		);
		expect((await fetch(output!)).status).toBe(200);
		now += 60 * 60 * 1000;
		expect((await fetch(output!)).status).toBe(404);
		expect(await json(await call('GET', `/predictions/${id}`))).toMatchObject({
			output: null,
			data_removed: true,
			input: {},
		});
	});

	it('holds a create as long as asked, and says so', async () => {
		const body = { version: slow, input: { seconds: 60 } };
		const startedAt = Date.now();
		const answer = await call('POST', '/predictions', { body, headers: { prefer: 'wait=1' } });
		expect(Date.now() - startedAt).toBeGreaterThanOrEqual(950);
		expect(answer.status).toBe(201);
		expect(answer.headers.get('preference-applied')).toBe('wait=1');
		expect(await json(answer)).toMatchObject({ status: 'processing', output: null });
	});

	it('ends a prediction at its deadline', async () => {
		const body = { version: slow, input: { seconds: 60 } };
		const created = await json(
			await call('POST', '/predictions', { body, headers: { 'cancel-after': '5s' } }),
		);
		expect(Date.parse(created.deadline!) - Date.parse(created.created_at!)).toBe(5_000);
		const status = async () => (await json(await call('GET', `/predictions/${created.id}`))).status;
		await until(async () => !['starting', 'processing'].includes((await status())!));
		expect(await status()).toBe('canceled');
		const tooShort = await call('POST', '/predictions', { body, headers: { 'cancel-after': '4' } });
		expect(tooShort.status).toBe(422);
	});

	it.each([
		['an official model by name', 'sandbox/tokens', 201],
		['a community model by owner, name and version', `sandbox/slow:${slow}`, 201],
		['a community model by name alone', 'sandbox/slow', 422],
		['a short version', slow.slice(0, 12), 422],
		['an official model by version', versionOf({ owner: 'sandbox', name: 'tokens' }), 422],
	])('takes %s as version: %s', async (_name, version, status) => {
		const answer = await call('POST', '/predictions', {
			body: { version, input: { prompt: 'x', seconds: 0 } },
		});
		expect(answer.status).toBe(status);
	});

	it('refuses creates above its limit, with every hint of the real answer', async () => {
		const limited = await startSandbox({ createLimit: { perMinute: 6, burst: 1 } });
		const create = async () =>
			await fetch(`${limited.baseUrl}/predictions`, {
				method: 'POST',
				headers: { authorization: `Bearer ${limited.token}`, 'content-type': 'application/json' },
				body: JSON.stringify({ version: 'sandbox/tokens', input: { prompt: 'x' } }),
			});
		expect((await create()).status).toBe(201);
		const refused = await create();
		expect(refused.status).toBe(429);
		expect(refused.headers.get('ratelimit-reset')).toBe('10');
		expect(await json(refused)).toMatchObject({
			status: 429,
			retry_after: 10,
			detail: expect.stringContaining('resets in ~10s'),
		});
		await limited.stop();
	});

	it('asks no DNS server for names of documents', async () => {
		const lookup = jest.spyOn(dns, 'lookup');
		const own = await startSandbox({ bootMs: 0 });
		const version = versionOf({ owner: 'sandbox', name: 'thumbnail' });
		const image = 'https://cdn.example.com/a.png';
		const { status, error } = await callsTo(own).run(version, { image });
		await own.stop();
		expect([status, error]).toEqual(['failed', expect.stringContaining('ENOTFOUND')]);
		expect(lookup.mock.calls.filter(([name]) => name.endsWith('example.com'))).toEqual([]);
		lookup.mockRestore();
	});

	it('breaks off what it fetches when it stops', async () => {
		const silent = createServer();
		silent.listen(0, '127.0.0.1');
		await once(silent, 'listening');
		const asked = once(silent, 'request');
		const own = await startSandbox({ bootMs: 0 });
		const version = versionOf({ owner: 'sandbox', name: 'thumbnail' });
		const image = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/a.png`;
		await callsTo(own).create(version, { image });
		const [, response] = (await asked) as [unknown, ServerResponse];
		let isBrokenOff = false;
		response.once('close', () => (isBrokenOff = true));
		await own.stop();
		const brokeOff = await endsBefore(
			5_000,
			until(() => isBrokenOff),
		);
		silent.closeAllConnections();
		silent.close();
		expect(brokeOff).toBe(true);
	});
});
