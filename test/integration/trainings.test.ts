import type { INodeParameters, ResourceMapperFields } from 'n8n-workflow';
import { itemsOf } from '../../dev/engine/engine';
import { NODE, startWorld, type World } from './world';

describe('trainings', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
		const { error } = await world.run({
			parameters: {
				resource: 'model',
				operation: 'create',
				modelName: 'sandbox/mine',
				hardware: 'cpu',
			},
		});
		expect(error).toBeUndefined();
	});
	afterAll(async () => await world.stop());

	const zip = async () =>
		await world.fileItem(Buffer.alloc(2_000_000, 1), 'a.zip', 'application/zip');
	const create = (more: INodeParameters = {}, value: object = { steps: '3' }): INodeParameters => ({
		resource: 'training',
		operation: 'create',
		model: { __rl: true, mode: 'name', value: 'sandbox/trainable' },
		destination: 'sandbox/mine',
		inputFields: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] } as never,
		...more,
	});
	const result = {
		status: 'succeeded',
		output: {
			version: expect.stringMatching(/^sandbox\/mine:[0-9a-f]{64}$/),
			weights: expect.stringContaining('trained_model.tar'),
		},
	};

	it('run from the model’s own training form, with the item’s file, and wait for the result', async () => {
		const { items, error } = await world.run({ parameters: create() }, [await zip()]);
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject(result);
		expect(items[0]!.binary).toBeUndefined();
		const [training] = world.sandbox.trainings.all;
		expect(training!.input).toEqual({
			steps: 3,
			input_images: expect.stringContaining('/v1/files/'),
		});
	});

	it('are shown a form of their training inputs', async () => {
		const form = async (parameters: INodeParameters) =>
			await world.inEditor<ResourceMapperFields>('resourceMapping.getTrainingInputs', parameters);
		const { fields } = await form(create());
		expect(fields.map(({ displayName }) => displayName)).toEqual([
			'Input Images (required, file)',
			'Steps (1–1000)',
		]);
		const none = await form(create({ model: { __rl: true, mode: 'name', value: 'sandbox/slow' } }));
		expect(none.emptyFieldsNotice).toMatch(/^The model "sandbox\/slow" cannot be trained\./);
	});

	it('suspend the execution until Replicate calls back', async () => {
		const parameters = create({ waitFor: 'callback' });
		const execution = world.start({ parameters }, [await zip(), await zip()]);
		expect((await execution.finished).status).toBe('waiting');
		const run = await execution.ended;
		expect(itemsOf(run, NODE).map(({ json }) => json)).toMatchObject([result, result]);
	});

	it('go on at once, and are collected later', async () => {
		const { items } = await world.run({ parameters: create({ waitFor: 'nothing' }) }, [
			await zip(),
		]);
		const id = items[0]!.json.id as string;
		expect(items[0]!.json.status).toBe('starting');
		const get = { resource: 'training', operation: 'get', trainingId: id };
		const ended = await world.run({ parameters: { ...get, waitUntilFinished: true } });
		expect(ended.items[0]!.json).toMatchObject(result);
		const listed = await world.run({ parameters: { resource: 'training', operation: 'getAll' } });
		expect(listed.items[0]!.json).toMatchObject({ id, ...result });
	});

	it('are cancelled by hand, by the timeout, and when the workflow is stopped', async () => {
		const long = async (more: INodeParameters) =>
			await world.run({ parameters: create(more, { steps: 1_000 }) }, [await zip()]);
		const { items } = await long({ waitFor: 'nothing' });
		const trainingId = items[0]!.json.id as string;
		const cancelled = await world.run({
			parameters: { resource: 'training', operation: 'cancel', trainingId },
		});
		expect(cancelled.items[0]!.json.status).toBe('canceled');
		const { error } = await long({ options: { timeout: 1 } });
		expect(error!.message).toBe(
			'The training was not finished within the time limit and was cancelled [item 0]',
		);
		const execution = world.start({ parameters: create({}, { steps: 1_000 }) }, [await zip()]);
		const count = world.sandbox.trainings.all.length;
		while (world.sandbox.trainings.all.length === count) {
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		await new Promise((resolve) => setTimeout(resolve, 200));
		execution.stop();
		await execution.finished.catch(() => undefined);
		const last = world.sandbox.trainings.all.at(-1)!;
		await last.ended;
		expect(last.status).toBe('canceled');
	});

	it('are found again when the answer to their creation is lost', async () => {
		world.sandbox.faults.plan('POST', /\/trainings$/, { kind: 'cutAfter' });
		const before = world.sandbox.trainings.all.length;
		const { items } = await world.run({ parameters: create({}, { steps: 2 }) }, [await zip()]);
		expect(items[0]!.json).toMatchObject(result);
		expect(world.sandbox.trainings.all).toHaveLength(before + 1);
	});

	it.each([
		[{ destination: 'sandbox/nowhere' }, 'could not find'],
		[{ destination: '={{ "x" }}' }, '"x" is not a model'],
		[
			{ model: { __rl: true, mode: 'name', value: 'sandbox/tokens' } },
			'The model "sandbox/tokens" cannot be trained',
		],
		[
			{ inputJson: '{"steps":5000,"input_images":"data"}' },
			'The input "steps" must be from 1 to 1000, and is 5000',
		],
	])('are refused with %j', async (more, words) => {
		const { error } = await world.run({ parameters: create(more as INodeParameters) }, [
			await zip(),
		]);
		expect(error!.message).toContain(words);
	});
});
