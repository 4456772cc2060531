import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ReplicateClient } from '../../../nodes/shared/api/client';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import { isTokenText, streamText } from '../../../nodes/shared/predictions/streamText';
import { openTransport } from '../../../transports/undici';

/** A server of streams: the first connection is given to the first answer, and so on. */
async function serving(answers: Array<(response: ServerResponse) => void>) {
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
	return {
		asked,
		texts,
		stop,
		async preview(stream: unknown = `${origin}/stream`) {
			const prediction = { id: 'x', urls: { stream } } as unknown as Prediction;
			await streamText(client, prediction, (text) => texts.push(text), stop.signal).finally(() => {
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

	it('does not open a stream again whose events cannot be told apart', async () => {
		const one = await serving([(response) => response.end('event: output\ndata: a\n\n')]);
		await one.preview();
		expect(one.texts).toEqual(['a']);
		expect(one.asked).toHaveLength(1);
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
});
