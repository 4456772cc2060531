import type { Json } from './calls';
import { sandboxWorld } from './sandboxWorld';

const GPT = 'openai/gpt-4o-mini';
const STRUCTURED = 'openai/gpt-5-structured';

/** Streams of language models, whole and broken. */
describe('streams in the sandbox', () => {
	const world = sandboxWorld();

	/** The events of a prediction's stream, and how the connection ended. */
	const streamOf = async ({ urls }: Json, signal?: AbortSignal) => {
		let text = '';
		let ended = 'well';
		try {
			const response = await fetch(urls.stream!, { signal });
			for await (const chunk of response.body!) text += Buffer.from(chunk).toString();
		} catch {
			ended = 'broken';
		}
		const events = text.split('\n\n').filter(Boolean);
		return { events, ended, last: events.at(-1) };
	};
	const created = async (input: object = { prompt: 'Hello' }) =>
		(await world.calls.create(GPT, input)).json!;

	it('give tokens with ids, lines of their own, and done', async () => {
		world.sandbox.language.say(GPT, 'One\ntwo three');
		const prediction = await created();
		const epoch = Math.floor(Date.parse(prediction.created_at) / 1_000);
		expect((await streamOf(prediction)).events).toEqual([
			`event: output\nid: ${epoch}:0\ndata: One`,
			`event: output\nid: ${epoch}:1\ndata: \ndata: two`,
			`event: output\nid: ${epoch}:2\ndata:  three`,
			'event: done\ndata: {}',
		]);
	});

	it('run at the pace that was set', async () => {
		world.sandbox.language.pace = 40;
		const begun = Date.now();
		await world.calls.run(GPT, { prompt: 'Hello' });
		expect(Date.now() - begun).toBeGreaterThan(110);
	});

	it('say why they ended: cancelled, or failed after some tokens', async () => {
		world.sandbox.language.pace = 40;
		const prediction = await created();
		const streaming = streamOf(prediction);
		await world.calls.cancel(prediction.id);
		expect((await streaming).last).toBe('event: done\ndata: {"reason":"canceled"}');
		world.sandbox.language.say(GPT, { text: 'One two', error: 'E005' });
		const failed = await streamOf(await created());
		expect(failed.events.map((event) => event.replace(/id: .*\n/, ''))).toEqual([
			'event: output\ndata: One',
			'event: output\ndata:  two',
			'event: error\ndata: {"detail":"E005"}',
			'event: done\ndata: {"reason":"error"}',
		]);
	});

	it.each([
		['end', /^event: output[^]*said$/],
		['error', /^event: error\ndata: {"detail":/],
		['timeout', /^: 408: 408 Request Timeout$/],
	] as const)('break: %s', async (kind, last) => {
		world.sandbox.language.breakStreams({ kind, after: 2 });
		const prediction = await created();
		const broken = await streamOf(prediction);
		expect(broken).toMatchObject({ ended: 'well', last: expect.stringMatching(last) });
		expect(broken.events.filter((event) => event.startsWith('event: output'))).toHaveLength(2);
		// Opened anew, it begins anew.
		expect((await streamOf(prediction)).events).toHaveLength(4);
	});

	it('are cut, as often as asked', async () => {
		world.sandbox.language.breakStreams({ kind: 'cut', after: 2 }, 2);
		const prediction = await created();
		for (let n = 0; n < 2; n++) {
			const { events, ended } = await streamOf(prediction);
			expect(ended).toBe('broken');
			// How many of them a client sees is a matter of chance.
			expect(events.length).toBeLessThanOrEqual(2);
		}
		expect((await streamOf(prediction)).last).toBe('event: done\ndata: {}');
	});

	it('fall silent', async () => {
		world.sandbox.language.breakStreams({ kind: 'silence' });
		const { events, ended } = await streamOf(await created(), AbortSignal.timeout(100));
		expect({ events, ended }).toEqual({ events: [], ended: 'broken' });
	});

	it('are there only where the output is tokens', async () => {
		const { urls, id } = await world.calls.run(STRUCTURED, { prompt: 'x' });
		expect(urls.stream).toBeUndefined();
		expect((await world.calls.call('GET', `/streams/${id}`)).status).toBe(404);
		const whole = await world.calls.run('sandbox/whole-text', { prompt: 'x' });
		expect(whole.urls.stream).toBeUndefined();
	});
});
