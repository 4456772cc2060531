import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { runModel, startWorld, type Result, type World } from './world';

interface Created {
	item: number;
	id?: string;
	resource: string;
	state: string;
	status?: string;
}

const byItem = (more: INodeParameters = {}): INodeParameters => ({
	...runModel('={{ $json.model }}', { inputJson: '={{ $json.input }}' }),
	...more,
});
const slow = (label: string, seconds = 0.1): INodeExecutionData => ({
	json: { model: 'sandbox/slow', input: { seconds, label } },
});
const bad: INodeExecutionData = { json: { model: 'sandbox/fail', input: { message: 'no luck' } } };
const refused: INodeExecutionData = { json: { model: 'nobody/nothing', input: { a: 1 } } };
/** Its file is fetched slowly. */
const download = (url: string): INodeExecutionData => ({
	json: { model: 'sandbox/says', input: { output: JSON.stringify(url) } },
});

describe('an error that ends the node', () => {
	let world: World;

	beforeEach(async () => (world = await startWorld('filesystem', { longestHoldSeconds: 0.1 })));
	afterEach(async () => await world.stop());

	const predictions = () => world.sandbox.predictions.all;
	const createdIn = ({ error }: Result) =>
		(error!.context as unknown as { created: Created[] }).created;
	/** All that the sandbox has is named, in words and as data, each with its true status. */
	const assertNamed = (result: Result, all = predictions()) => {
		const created = createdIn(result);
		expect(created.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
		for (const run of all) {
			expect(`${result.error!.message} ${result.error!.description}`).toContain(run.id);
			const { status, state } = created.find(({ id }) => id === run.id)!;
			if (state !== 'running') expect(status).toBe(run.status);
			expect(state === 'cancelled').toBe(run.status === 'canceled');
			expect(state === 'succeeded').toBe(run.status === 'succeeded');
		}
	};

	it('names what has succeeded, what it cancelled, and what has failed', async () => {
		const result = await world.run({ parameters: byItem() }, [
			slow('a'),
			slow('b', 60),
			{ json: { ...bad.json, input: { message: 'no luck' } } },
			slow('c', 60),
		]);
		expect(result.error!.message).toBe('The model failed: no luck [item 2]');
		assertNamed(result);
	});

	it('names what nobody waits for', async () => {
		const parameters = byItem({ waitFor: 'nothing', options: { concurrency: 1 } });
		const result = await world.run({ parameters }, [slow('a', 60), slow('b', 60), refused]);
		expect(result.error!.message).toMatch(/could not find the model "nobody\/nothing" \[item 2\]$/);
		expect(predictions()).toHaveLength(2);
		assertNamed(result);
		expect(result.error!.description).toContain(
			'Other predictions were left running; get them later with Prediction → Get: ',
		);
		expect(predictions().map(({ status }) => status)).not.toContain('canceled');
	});

	it('cancels and names what waits for callbacks', async () => {
		const parameters = byItem({ waitFor: 'callback', options: { concurrency: 1 } });
		const result = await world.run({ parameters }, [slow('a', 60), slow('b', 60), refused]);
		assertNamed(result);
		expect(predictions().map(({ status }) => status)).toEqual(['canceled', 'canceled']);
	});

	it('says that a cancel was not confirmed, and which predictions may be running', async () => {
		const unavailable = { kind: 'answer', status: 503 } as const;
		world.sandbox.faults.plan('POST', /\/cancel$/, unavailable, Infinity);
		const result = await world.run({ parameters: byItem() }, [slow('a', 60), slow('b', 60), bad]);
		expect(
			createdIn(result)
				.map(({ state }) => state)
				.sort(),
		).toEqual(['cancelUnconfirmed', 'cancelUnconfirmed', 'failed']);
		expect(result.error!.description).toMatch(
			/may still be running, because Replicate did not confirm the cancellation; look at them with Prediction → Get: \w{26}, \w{26}\./,
		);
		expect(result.error!.description).not.toContain('were cancelled');
	});

	it('cancels what a first try did not, and says so', async () => {
		const unavailable = { kind: 'answer', status: 503 } as const;
		world.sandbox.faults.plan('POST', /\/cancel$/, unavailable, 3);
		const result = await world.run({ parameters: byItem() }, [slow('a', 60), slow('b', 60), bad]);
		assertNamed(result);
		expect(predictions().filter(({ status }) => status === 'canceled')).toHaveLength(2);
	});

	it('does not call a prediction cancelled that has succeeded in spite of its cancel', async () => {
		world.sandbox.predictions.cancels = { lateMs: 60_000 };
		const result = await world.run({ parameters: byItem() }, [slow('a', 4), bad]);
		assertNamed(result);
		expect(
			createdIn(result)
				.map(({ state }) => state)
				.sort(),
		).toEqual(['failed', 'succeeded']);
		expect(result.error!.description).toContain('Retry this execution within an hour: the');
	});

	it('gives its cause, and not that another item was downloading', async () => {
		world.sandbox.delivery.bytesPerSecond = () => 2_000;
		const url = await world.sandbox.delivery.host('big.bin', Buffer.alloc(200_000));
		const late = { json: { model: 'sandbox/fail', input: { message: 'late' } } };
		world.sandbox.predictions.boot = async () => await sleep(600);
		const result = await world.run({ parameters: byItem() }, [download(url), late]);
		expect(result.error!.message).toBe('The model failed: late [item 1]');
		assertNamed(result);
		expect(createdIn(result)[0]).toMatchObject({ state: 'succeeded' });
	});

	it('names what was created before n8n itself refused an item', async () => {
		const parameters = byItem({
			waitFor: 'nothing',
			options: { concurrency: 1 },
			inputJson: '={{ $json.input.label === "b" ? $("Nowhere").item.json : $json.input }}',
		});
		const result = await world.run({ parameters }, [slow('a', 60), slow('b')]);
		expect(predictions()).toHaveLength(1);
		assertNamed(result);
	});

	it('names trainings as trainings', async () => {
		await world.run({
			parameters: {
				resource: 'model',
				operation: 'create',
				modelName: 'sandbox/mine',
				hardware: 'cpu',
			},
		});
		const zip = await world.fileItem(Buffer.alloc(2_000, 1), 'a.zip', 'application/zip');
		const result = await world.run(
			{
				parameters: {
					resource: 'training',
					operation: 'create',
					model: { __rl: true, mode: 'name', value: 'sandbox/trainable' },
					destination: '={{ $itemIndex === 1 ? "x" : "sandbox/mine" }}',
					inputJson: '{ "steps": 500 }',
					fileInputs: { values: [{ input: 'input_images', binaryFields: 'data' }] },
					waitFor: 'nothing',
					options: { concurrency: 1 },
				},
			},
			[zip, zip],
		);
		const { all } = world.sandbox.trainings;
		expect(all).toHaveLength(1);
		assertNamed(result, all);
		expect(result.error!.description).toContain(
			`Other trainings were left running; get them later with Training → Get: ${all[0]!.id}.`,
		);
	});

	it('names the predictions of deployments', async () => {
		await world.run({
			parameters: {
				resource: 'deployment',
				operation: 'create',
				name: 'mine',
				model: { __rl: true, mode: 'name', value: 'sandbox/slow' },
				hardware: 'cpu',
				minInstances: 0,
				maxInstances: 1,
			},
		});
		const parameters = byItem({
			target: 'deployment',
			deployment: { __rl: true, mode: 'name', value: 'sandbox/mine' },
			options: { concurrency: 1 },
			waitFor: 'nothing',
			inputJson: '={{ $json.input.label ? $json.input : { seconds: "x" } }}',
		});
		const result = await world.run({ parameters }, [slow('a', 60), bad]);
		expect(predictions()).toHaveLength(1);
		assertNamed(result);
	});
});
