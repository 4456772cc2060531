import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import type { Execution } from '../../dev/engine/engine';
import { runModel, startWorld, type World } from './world';

/** The two cells of the table of interleavings that hurt most, through n8n's engine. */
describe('two executions with equal inputs', () => {
	let world: World;

	beforeEach(async () => (world = await startWorld()));
	afterEach(async () => await world.stop());

	const equal = (seconds = 2, more: INodeParameters = {}) => ({
		parameters: runModel('sandbox/slow', {
			inputJson: JSON.stringify({ seconds, label: 'equal' }),
			...more,
		}),
	});
	const predictions = () => world.sandbox.predictions.all;
	const endOf = async ({ finished }: Execution) => world.resultOf(await finished);
	const until = async (isSo: () => boolean) => {
		while (!isSo()) await sleep(10);
	};

	it.each([
		['before theirs arrives', true],
		['while theirs is held', false],
	])('a create that is cut %s takes nothing of theirs', async (_when, isBefore) => {
		const { holds } = world.sandbox;
		const ours = holds.next('arrival');
		const we = world.start(equal());
		await ours.reached;
		const theirs = holds.next('arrival');
		const they = world.start(equal());
		await theirs.reached;
		if (isBefore) ours.cut();
		theirs.go();
		await until(() => predictions().length === 1);
		if (!isBefore) ours.cut();
		const [mine, other] = await Promise.all([endOf(we), endOf(they)]);
		expect(mine.error!.message).toContain('not known whether the prediction was created');
		expect(mine.error!.description).not.toContain(predictions()[0]!.id);
		expect(other.items[0]!.json).toMatchObject({ id: predictions()[0]!.id, status: 'succeeded' });
		expect(predictions()).toHaveLength(1);
	});

	it('a create that arrives after its connection broke is taken by the one that sent it', async () => {
		const { holds } = world.sandbox;
		const response = holds.next('response');
		const we = world.start(equal(0.1));
		await response.reached;
		const they = world.start(equal(0.1));
		const other = await endOf(they);
		response.cut();
		const mine = await endOf(we);
		expect([mine.items[0]!.json.id, other.items[0]!.json.id]).toEqual(
			predictions().map(({ id }) => id),
		);
	});

	it.each(['stopped', 'out of time'])('%s, we cancel nothing of theirs', async (how) => {
		const { holds } = world.sandbox;
		const ours = holds.next('arrival');
		const we = world.start(equal(3, { options: { timeout: how === 'stopped' ? 60 : 1 } }));
		await ours.reached;
		const they = world.start(equal(3));
		await until(() => predictions().length === 1);
		if (how === 'stopped') we.stop();
		else await sleep(1_500);
		ours.cut();
		const other = await endOf(they);
		expect(other.items[0]!.json).toMatchObject({ status: 'succeeded' });
		await we.finished.catch(() => undefined);
		expect(predictions().map(({ status }) => status)).toEqual(['succeeded']);
	});

	it('two trainings for two destinations are not confused', async () => {
		for (const modelName of ['sandbox/one', 'sandbox/two']) {
			await world.run({
				parameters: { resource: 'model', operation: 'create', modelName, hardware: 'cpu' },
			});
		}
		const { holds, trainings } = world.sandbox;
		const isTraining = ({ path }: { path: string }) => path.endsWith('/trainings');
		const hosted = await world.sandbox.delivery.host('a.zip', Buffer.alloc(2_000, 1));
		const train = (destination: string): { parameters: INodeParameters } => ({
			parameters: {
				resource: 'training',
				operation: 'create',
				model: { __rl: true, mode: 'name', value: 'sandbox/trainable' },
				destination,
				inputJson: JSON.stringify({ steps: 3, input_images: hosted }),
			},
		});
		const lost = holds.next('arrival', isTraining);
		const one = world.start(train('sandbox/one'));
		await lost.reached;
		const held = holds.next('response', isTraining);
		const two = world.start(train('sandbox/two'));
		await held.reached;
		lost.cut();
		await sleep(500);
		held.go();
		const [first, second] = await Promise.all([endOf(one), endOf(two)]);
		expect(first.error!.message).toContain('not known whether the training was created');
		expect(second.items[0]!.json).toMatchObject({ id: trainings.all[0]!.id, status: 'succeeded' });
		expect(trainings.all).toHaveLength(1);
	});
});
