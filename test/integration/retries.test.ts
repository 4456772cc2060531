import { setTimeout as sleep } from 'node:timers/promises';
import type { INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { BinaryMode } from '../../dev/engine/engine';
import { fileInput, runModel, startWorld, type NodeSettings, type World } from './world';
import { until } from '../timing';

/** Items whose model is in their own data, so that one can be a bad one. */
const byItem = (more: INodeParameters = {}): INodeParameters => ({
	...runModel('={{ $json.model }}', { inputJson: '={{ $json.input }}' }),
	...more,
});
const slow = (label: string, seconds = 0.1): INodeExecutionData => ({
	json: { model: 'sandbox/slow', input: { seconds, label } },
});
/** Fails each time that it runs. */
const bad: INodeExecutionData = { json: { model: 'sandbox/fail', input: { message: 'no luck' } } };
/** Is refused before it is created. */
const refused: INodeExecutionData = {
	json: { model: 'sandbox/slow', input: { seconds: 'many' } },
};

describe.each<BinaryMode>(['filesystem', 'default'])('a retry, with files in %s', (mode) => {
	let world: World;

	beforeEach(async () => (world = await startWorld(mode)));
	afterEach(async () => await world.stop());

	const predictions = () => world.sandbox.predictions.all;
	const labels = () => predictions().map(({ input }) => String(input.label ?? 'bad'));
	const creates = (label: string) => labels().filter((one) => one === label).length;
	const retrying = (
		maxTries: number,
		onError?: INode['onError'],
		more?: INodeParameters,
	): NodeSettings => ({
		parameters: byItem(more),
		onError,
		tries: maxTries,
	});

	it.each([2, 3, 4, 5])('pays for good items once, in %i tries', async (maxTries) => {
		const items = [slow('a'), slow('b'), bad, slow('c'), slow('d')];
		const { error } = await world.run(retrying(maxTries), items);
		expect(error!.message).toBe('The model failed: no luck [item 2]');
		for (const label of ['a', 'b', 'c', 'd']) expect(creates(label)).toBeLessThanOrEqual(1);
		expect(creates('bad')).toBe(maxTries);
		// The last try cancels what nobody waits for any more, or says that it has succeeded.
		const { created } = error!.context as unknown as { created: Array<Record<string, unknown>> };
		expect(created).toHaveLength(predictions().length);
		for (const { id, status, state } of created) {
			const truth = predictions().find((one) => one.id === id)!.status;
			expect(status).toBe(truth);
			expect(state).toBe({ canceled: 'cancelled' }[truth as string] ?? truth);
		}
	});

	it('takes up what runs, and gives the results of all', async () => {
		world.sandbox.faults.plan('POST', /\/predictions$/, { kind: 'answer', status: 401 });
		const settings = retrying(3);
		const { items, error } = await world.run(settings, [
			slow('x'),
			slow('a', 1.5),
			slow('b', 1.5),
			slow('c', 1.5),
		]);
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.text)).toEqual([
			'done after 0.1 s x',
			...['a', 'b', 'c'].map((label) => `done after 1.5 s ${label}`),
		]);
		expect(labels().sort()).toEqual(['a', 'b', 'c', 'x']);
		expect(predictions().map(({ status }) => status)).toEqual(Array(4).fill('succeeded'));
	});

	it.each<INode['onError']>(['continueRegularOutput', 'continueErrorOutput'])(
		'runs again for a first item that failed, with On Error %s',
		async (onError) => {
			const { items, failed } = await world.run(retrying(3, onError), [bad, slow('a'), slow('b')]);
			const errors = onError === 'continueErrorOutput' ? failed : items.splice(0, 1);
			expect(errors.map(({ json }) => json.error)).toEqual(['The model failed: no luck [item 0]']);
			expect(items.map(({ json }) => json.text)).toEqual([
				'done after 0.1 s a',
				'done after 0.1 s b',
			]);
			expect([creates('a'), creates('b'), creates('bad')]).toEqual([1, 1, 3]);
		},
	);

	it('is not run again for another item than the first', async () => {
		await world.run(retrying(3, 'continueRegularOutput'), [slow('a'), bad]);
		expect([creates('a'), creates('bad')]).toEqual([1, 1]);
	});

	it('takes up what an expression of chance has made', async () => {
		const inputJson = '={{ { seconds: 0.1, label: $json.input.label + Math.random() } }}';
		world.sandbox.faults.plan('POST', /\/predictions$/, { kind: 'answer', status: 401 });
		const settings = retrying(2, undefined, { inputJson });
		const { items, error } = await world.run(settings, [slow('a'), slow('b'), slow('c')]);
		expect(error).toBeUndefined();
		expect(predictions()).toHaveLength(3);
		expect(items.map(({ json }) => json.id).sort()).toEqual(
			predictions()
				.map(({ id }) => id)
				.sort(),
		);
	});

	it('looks for what was lost, and takes it up where it is certain', async () => {
		// It comes into the list after the first try has stopped looking.
		world.sandbox.predictions.shown = { listLateMs: () => 14_000 };
		world.sandbox.faults.plan('POST', /\/predictions$/, { kind: 'cutAfter' });
		const settings = { ...retrying(2), pauseMs: 5_000 };
		const { items, error } = await world.run(settings, [slow('a')]);
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({ status: 'succeeded', id: predictions()[0]!.id });
		expect(labels()).toEqual(['a']);
	});

	it('waits for files that it has sent, without sending them again', async () => {
		const file = await world.fileItem(Buffer.alloc(20_000, 'a file '), 'a.bin', 'image/png');
		const parameters = runModel('sandbox/checksum', {
			inputJson: '{}',
			...fileInput('file'),
			options: { fileRouting: 'upload' },
		});
		world.sandbox.faults.plan('POST', /\/predictions$/, { kind: 'answer', status: 401 });
		const { items } = await world.run({ ...retrying(2), parameters }, [file, file]);
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded']);
		expect(predictions()).toHaveLength(2);
	});

	it('takes up predictions that nobody waits for', async () => {
		world.sandbox.faults.plan('POST', /\/predictions$/, { kind: 'answer', status: 401 });
		const settings = retrying(2, undefined, { waitFor: 'nothing' });
		const { items } = await world.run(settings, [slow('a', 5), slow('b', 5), slow('c', 5)]);
		expect(items.map(({ json }) => json.id).sort()).toEqual(
			predictions()
				.map(({ id }) => id)
				.sort(),
		);
		expect(predictions()).toHaveLength(3);
	});

	it('cancels what it left running, when the workflow is stopped between two tries', async () => {
		await world.stop();
		world = await startWorld(mode, { longestHoldSeconds: 0.1 });
		const settings = { ...retrying(2), pauseMs: 3_000 };
		const execution = world.start(settings, [slow('a', 60), slow('b', 60), bad]);
		await until(() => predictions().some(({ status }) => status === 'failed'));
		await until(() => running().length === 2);
		await sleep(1_000);
		execution.stop();
		await execution.finished.catch(() => undefined);
		await until(() => running().length === 0);
		expect(predictions()).toHaveLength(3);
	});

	it('cancels what it left running, when the last try fails as well', async () => {
		await world.stop();
		world = await startWorld(mode, { longestHoldSeconds: 0.1 });
		const { error } = await world.run(retrying(2), [bad, slow('a', 60), slow('b', 60)]);
		expect(running()).toEqual([]);
		expect(error!.description).toMatch(/Other predictions were cancelled: \w{26}, \w{26}\./);
	});

	describe('by hand', () => {
		it('collects what has succeeded, waits for what runs, and creates the rest again', async () => {
			const settings: NodeSettings = {
				parameters: byItem({ options: { concurrency: 1, timeout: 1, onTimeout: 'leave' } }),
			};
			const { run, error } = await world.run(settings, [slow('a'), slow('b', 2), slow('c')]);
			expect(error!.message).toMatch(/is still running \[item 1\]$/);
			expect(labels()).toEqual(['a', 'b']);
			await sleep(1_500);
			const again = await world.retry(run, settings).finished;
			expect(world.resultOf(again).items.map(({ json }) => json.text)).toEqual([
				'done after 0.1 s a',
				'done after 2 s b',
				'done after 0.1 s c',
			]);
			expect(labels()).toEqual(['a', 'b', 'c']);
		});

		it('creates anew what was changed, and only that', async () => {
			const items = [slow('a'), slow('b'), refused];
			const changing = (word: string): NodeSettings => ({
				parameters: byItem({
					inputJson: `={{ { seconds: $json.input.seconds === 'many' ? ${word} : 0.1, label: $json.input.label ?? 'new' } }}`,
					options: { concurrency: 1 },
				}),
			});
			const { run, error } = await world.run(changing('"x"'), items);
			expect(error!.description).toContain(
				'Retry this execution within an hour: the 2 that have succeeded',
			);
			const again = await world.retry(run, changing('0.2')).finished;
			expect(world.resultOf(again).items.map(({ json }) => json.status)).toEqual(
				Array(3).fill('succeeded'),
			);
			expect(labels()).toEqual(['a', 'b', 'new']);
			const changed = byItem({ inputJson: '={{ { seconds: 0.1, label: "other" } }}' });
			const third = await world.retry(run, { parameters: changed }).finished;
			expect(world.resultOf(third).items).toHaveLength(3);
			expect(creates('other')).toBe(3);
		});

		it('has its own tries with Retry On Fail', async () => {
			const { run } = await world.run(retrying(2), [bad, slow('a')]);
			expect(creates('bad')).toBe(2);
			world.sandbox.faults.plan('GET', /\/predictions\/\w+$/, { kind: 'answer', status: 401 });
			const again = await world.retry(run, retrying(3)).finished;
			expect(world.resultOf(again).error!.message).toMatch(/no luck/);
			expect(creates('bad')).toBeGreaterThanOrEqual(4);
			expect(creates('a')).toBe(1);
		});

		it('waits itself for what would call back the execution that failed', async () => {
			const nothing = byItem({ waitFor: 'nothing', options: { concurrency: 1 } });
			const { run } = await world.run({ parameters: nothing }, [slow('a', 2), refused]);
			expect(labels()).toEqual(['a']);
			const retried = world.retry(run, {
				parameters: byItem({
					waitFor: 'callback',
					inputJson: '={{ $json.input.label ? $json.input : { seconds: 0.1, label: "new" } }}',
				}),
			});
			const ended = await retried.ended;
			expect(world.resultOf(ended).items.map(({ json }) => json.text)).toEqual([
				'done after 2 s a',
				'done after 0.1 s new',
			]);
			expect(labels()).toEqual(['a', 'new']);
		});

		it('collects nothing of a result that Replicate has removed: it is created again', async () => {
			const { run } = await world.run({ parameters: byItem({ options: { concurrency: 1 } }) }, [
				slow('a'),
				refused,
			]);
			world.sandbox.predictions.removeData(predictions()[0]!.id);
			const inputJson = '={{ $json.input.label ? $json.input : { seconds: 0.1, label: "a" } }}';
			const fixed = { parameters: byItem({ inputJson }) };
			const again = await world.retry(run, fixed).finished;
			expect(world.resultOf(again).items.map(({ json }) => json.text)).toEqual(
				Array(2).fill('done after 0.1 s a'),
			);
			expect(creates('a')).toBe(3);
		});
	});

	function running() {
		return predictions().filter(({ status }) => status === 'processing' || status === 'starting');
	}
});
