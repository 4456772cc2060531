/** @jest-environment ./test/integration/realProcess.ts */
import { setImmediate as later } from 'node:timers/promises';
import type { StructuredChunk } from 'n8n-workflow';
import { itemsOf } from '../../dev/engine/engine';
import { NODE, runModel, startWorld, type World } from './world';

declare const realProcess: NodeJS.Process;

describe('a workflow whose answer streams', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const prompt = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ') + '\nlast line';
	const stream = async (model: string, input: object) => {
		const chunks: StructuredChunk[] = [];
		const parameters = runModel(model, { inputJson: JSON.stringify(input) });
		const run = await world.start({ parameters }, undefined, (chunk) => chunks.push(chunk)).ended;
		return { chunks, run, items: itemsOf(run, NODE) };
	};
	const textOf = (chunks: StructuredChunk[]) =>
		chunks.flatMap(({ type, content }) => (type === 'item' ? (content ?? '') : [])).join('');

	it('gets a language model’s tokens as they are written, and the same item at the end', async () => {
		const { chunks, items } = await stream('sandbox/tokens', { prompt });
		expect(chunks[0]!.type).toBe('begin');
		expect(chunks.at(-1)!.type).toBe('end');
		expect(chunks.length).toBeGreaterThan(20);
		expect(textOf(chunks)).toBe(prompt);
		const { items: plain } = await world.run({
			parameters: runModel('sandbox/tokens', { inputJson: JSON.stringify({ prompt }) }),
		});
		expect(items[0]!.json.text).toBe(prompt);
		expect(Object.keys(items[0]!.json)).toEqual(Object.keys(plain[0]!.json));
		const asked = world.sandbox.requests.find(({ path }) => path.startsWith('/v1/streams/'))!;
		expect(asked.authorized).toBe(false);
	});

	it('gets the whole text when the stream breaks or is not there', async () => {
		world.sandbox.faults.plan('GET', /^\/v1\/streams\//, { kind: 'answer', status: 500 });
		const broken = await stream('sandbox/tokens', { prompt });
		expect(textOf(broken.chunks)).toBe(prompt);
		expect(broken.items[0]!.json.text).toBe(prompt);
	});

	it('gets no chunks of models that write no text, and an end when one fails', async () => {
		expect((await stream('sandbox/slow', { seconds: 0 })).chunks).toEqual([]);
		const failed = await stream('sandbox/fail', { message: 'x' });
		expect(failed.run.status).toBe('error');
	});

	it.each([
		['from the beginning', 1],
		['after some tokens', 10],
	])('gives the same item where whoever watches fails: %s', async (_when, count) => {
		const unhandled: unknown[] = [];
		const note = (reason: unknown) => unhandled.push(reason);
		realProcess.on('unhandledRejection', note);
		let watched = 0;
		const parameters = runModel('sandbox/tokens', { inputJson: JSON.stringify({ prompt }) });
		const run = await world.start({ parameters }, undefined, () => {
			watched += 1;
			if (watched >= count) throw new Error('the chat is closed');
		}).ended;
		expect(itemsOf(run, NODE)[0]!.json.text).toBe(prompt);
		expect(watched).toBe(count);
		await later();
		await later();
		realProcess.off('unhandledRejection', note);
		expect(unhandled).toEqual([]);
	});
});
