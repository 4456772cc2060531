import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ReplicateClient } from '../../../nodes/shared/api/client';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import { isTokenText, streamText } from '../../../nodes/shared/predictions/streamText';
import { openTransport } from '../../../transports/undici';

/** A server of streams: the first connection is given to the first answer, and so on. */
async function serving(
	answers: Array<(response: ServerResponse) => void>,
	onText?: (text: string) => void,
) {
	const asked: Array<Record<string, unknown>> = [];
	const server = createServer((request, response) => {
		asked.push(request.headers);
		answers[Math.min(asked.length, answers.length) - 1]!(response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const client = new ReplicateClient(
		{ apiToken: 'r8_secret_token', baseUrl: `${origin}/v1` },
		openTransport(),
	);
	const stop = new AbortController();
	const texts: string[] = [];
	const pass = onText ?? ((text: string) => void texts.push(text));
	return {
		asked,
		texts,
		stop,
		async preview(stream: unknown = `${origin}/stream`) {
			const prediction = { id: 'x', urls: { stream } } as unknown as Prediction;
			await streamText(client, prediction, pass, stop.signal).finally(() => {
				server.closeAllConnections();
				server.close();
			});
		},
	};
}

const event = (id: string, data: string) => `event: output\nid: ${id}\ndata: ${data}\n\n`;
const done = 'event: done\ndata: {}\n\n';

describe('streamText', () => {
	it('passes on the text up to the end, and sends no token', async () => {
		const one = await serving([
			(response) => response.end(event('1', 'a') + event('2', ' b') + done),
		]);
		await one.preview();
		expect(one.texts).toEqual(['a', ' b']);
		expect(one.asked).toHaveLength(1);
		expect(JSON.stringify(one.asked)).not.toContain('secret');
	});

	it('opens a stream again that was closed, and passes on no text twice', async () => {
		const one = await serving([
			(response) => response.end(event('1', 'a')),
			(response) => {
				response.write(event('1', 'a') + event('2', 'b'), () => response.destroy());
			},
			(response) => response.end(event('1', 'a') + event('2', 'b') + event('3', 'c') + done),
		]);
		await one.preview();
		expect(one.texts.join('')).toBe('abc');
		expect(one.asked).toHaveLength(3);
	});

	it.each([
		['other ids', (at: number) => `id: other ${at}\n`],
		['no ids', () => ''],
	])('passes on no text twice where a stream begins anew with %s', async (_ids, id) => {
		const events = (...texts: string[]) =>
			texts.map((text, at) => `event: output\n${id(at)}data: ${text}\n\n`).join('');
		const one = await serving([
			(response) => response.end(event('1', 'the ') + event('2', 'cat') + event('3', ' the ')),
			// The same text in other chunks, which end within and beyond what is known.
			(response) => response.end(events('the cat ', 'the dog')),
			(response) => response.end(events('the', ' cat the', ' dog', ' the end') + done),
		]);
		await one.preview();
		expect(one.texts).toEqual(['the ', 'cat', ' the ', 'dog', ' the end']);
		expect(one.asked).toHaveLength(3);
	});

	it('ends where a stream begins anew with another text: the output counts', async () => {
		const one = await serving([
			(response) => response.end(event('1', 'the ') + event('2', 'cat')),
			(response) => response.end(event('1', 'the ') + event('2', 'dog') + event('3', 's') + done),
		]);
		await one.preview();
		expect(one.texts).toEqual(['the ', 'cat']);
		expect(one.asked).toHaveLength(2);
	});

	it('passes on equal texts one after the other, as a list of stars is written', async () => {
		const one = await serving([
			(response) => response.end(event('1', '*') + event('2', '*')),
			(response) => response.end(event('1', '*') + event('2', '*') + event('3', '*') + done),
		]);
		await one.preview();
		expect(one.texts).toEqual(['*', '*', '*']);
	});

	it('gives up on a stream that ends without end', async () => {
		const one = await serving([(response) => response.end(event('1', 'a'))]);
		await one.preview();
		expect(one.texts).toEqual(['a']);
		expect(one.asked).toHaveLength(21);
	});

	it('ends on an error of the model, and on an answer that is no stream', async () => {
		const failed = await serving([
			(response) => response.end(event('1', 'a') + 'event: error\ndata: {}\n\n'),
		]);
		await failed.preview();
		expect(failed.texts).toEqual(['a']);
		expect(failed.asked).toHaveLength(1);
		const gone = await serving([(response) => response.writeHead(404).end('not here')]);
		await gone.preview();
		expect(gone.asked).toHaveLength(1);
	});

	it('ends when it is no longer wanted', async () => {
		const one = await serving([
			(response) => {
				response.write(event('1', 'a'));
				setTimeout(() => one.stop.abort(), 50);
			},
		]);
		await one.preview();
		expect(one.texts).toEqual(['a']);
		expect(one.asked).toHaveLength(1);
	});

	it.each([undefined, '', 'no address', 'https://169.254.169.254/x', 'https://example.org/stream'])(
		'asks nobody for %s',
		async (address) => {
			const one = await serving([(response) => response.end(event('1', 'a'))]);
			await one.preview(address ?? null);
			expect(one.asked).toEqual([]);
			expect(one.texts).toEqual([]);
		},
	);
});

describe('isTokenText', () => {
	it.each([
		[undefined, false],
		[{ type: 'string' }, false],
		[{ type: 'array', items: { type: 'string' } }, false],
		[{ type: 'array', 'x-cog-array-display': 'concatenate' }, true],
		[{ allOf: [{ type: 'array', 'x-cog-array-display': 'concatenate' }] }, true],
	])('of %j: %s', (Output, expected) => {
		const document = { components: { schemas: { Output } } };
		expect(isTokenText(document as never)).toBe(expected);
	});

	const MB = 1024 * 1024;

	it.each<[string, () => Iterable<string>, number]>([
		['one endless line', () => repeated('x'.repeat(64 * 1024), 600), 2],
		['one endless line of data', () => repeated('data: '.repeat(10_000), 600), 2],
		[
			'an event of very many lines',
			() => repeated(`data: ${'x'.repeat(1_000)}\n`.repeat(60), 600),
			2,
		],
		['lines that mean nothing', () => repeated('x\n'.repeat(30_000), 600), 1],
		['comments without end', () => repeated(':x\n'.repeat(20_000), 1_000), 34],
		['text without end', () => repeated(event('1', 'x').repeat(1_000), 2_000), 34],
		['returns without end', () => repeated('\r'.repeat(64 * 1024), 800), 34],
	])('reads no further than its limits: %s', async (_what, chunks, megabytes) => {
		let sent = 0;
		const serve = async (response: ServerResponse) => {
			const closed = once(response, 'close');
			for (const chunk of chunks()) {
				if (response.destroyed) break;
				sent += chunk.length;
				if (!response.write(chunk)) await Promise.race([once(response, 'drain'), closed]);
			}
			response.end();
		};
		const one = await serving([(response) => void serve(response)]);
		await one.preview();
		// What the connection holds is sent as well.
		expect(sent / MB).toBeLessThan(megabytes + 8);
		expect(one.asked).toHaveLength(1);
	});

	it('ends, and fails nothing, when whoever is passed the text fails', async () => {
		const one = await serving(
			[(response) => response.end(event('1', 'a') + event('2', 'b'))],
			() => {
				throw new Error('the watcher has gone');
			},
		);
		await one.preview();
		expect(one.asked).toHaveLength(1);
	});

	it.each(['\n', '\r\n', '\r'])(
		'reads lines that end with %j, wherever a chunk ends',
		async (end) => {
			const text = (event('1', 'a') + event('2', ' b') + done).replaceAll('\n', end);
			const one = await serving([
				async (response) => {
					for (const character of text) {
						response.write(character);
						await new Promise((resolve) => setImmediate(resolve));
					}
					response.end();
				},
			]);
			await one.preview();
			expect(one.texts).toEqual(['a', ' b']);
		},
	);
});

function* repeated(text: string, times: number): Iterable<string> {
	for (let at = 0; at < times; at++) yield text;
}
