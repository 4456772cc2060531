import { hasBareExecutors } from '../../dev/engine/bareExecutors';
import { resources } from '../../nodes/Replicate/actions/resources';
import { callEveryOperation } from './everyOperation';
import { runModel, startWorld, type World } from './world';

const SAYS = runModel('sandbox/says', { inputJson: '{ "output": "\\"hello\\"" }' });
const THUMBNAIL = (image: string) =>
	runModel('sandbox/thumbnail', { inputJson: `={{ { image: ${image} } }}` });
const PNG =
	'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** n8n's Agents and its new engine run the node where no execution stands behind it. */
const describeEach = (hasBareExecutors() ? describe : describe.skip).each([
	'agents',
	'engine-v2',
] as const);

describeEach('the node, run by n8n’s %s', (executor) => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterEach(() => world.sandbox.forget());
	afterAll(async () => await world.stop());

	it('runs every operation', async () => {
		const called = new Set<string>();
		const file = await world.engine.keep(Buffer.from('hello'), 'a.txt', 'text/plain');
		const items = [{ json: { file: file as never } }];
		await callEveryOperation(async ({ resource, operation, parameters }) => {
			const name = `${resource} ${operation}`;
			const { status, data, error } = await world.callBare(executor, parameters!, items);
			expect({ name, status, error }).toEqual({ name, status: 'success' });
			expect(data.length).toBeGreaterThan(0);
			called.add(name);
			return data.map(({ json }) => json);
		});
		const all = Object.entries(resources).flatMap(([resource, { operations }]) =>
			Object.keys(operations).map((operation) => `${resource} ${operation}`),
		);
		expect([...called].sort()).toEqual(all.sort());
	});

	it.each(['run', 'create'])(
		'refuses to suspend with "%s", before anything is sent',
		async (operation) => {
			const parameters =
				operation === 'run'
					? { ...THUMBNAIL(`'${PNG}'`), waitFor: 'callback', options: { fileRouting: 'upload' } }
					: {
							resource: 'training',
							operation,
							model: { __rl: true, mode: 'name', value: 'sandbox/trainable' },
							destination: 'sandbox/mine',
							inputJson: JSON.stringify({ steps: 3, input_images: PNG }),
							waitFor: 'callback',
						};
			const { status, error } = await world.callBare(executor, parameters);
			expect(status).toBe('error');
			expect(error).toContain('Continue → When Replicate Calls Back cannot be used here');
			expect(world.sandbox.requests.filter(({ method }) => method === 'POST')).toEqual([]);
		},
	);

	it('gives text and URLs, and a file that the next call can take', async () => {
		const png = world.engine.keep(Buffer.from(PNG.split(',')[1]!, 'base64'), 'a.png', 'image/png');
		const first = await world.callBare(executor, THUMBNAIL('$json.image'), [
			{ json: { image: (await png) as never } },
		]);
		const [made] = first.data;
		const { files } = made!.json as { files: Array<{ url: string }> };
		expect(files[0]!.url).toMatch(/^http/);
		const { data: file } = made!.binary!;
		expect(file!.id).toBeTruthy();
		for (const image of [file, files[0]!.url]) {
			const { status, error } = await world.callBare(executor, THUMBNAIL('$json.image'), [
				{ json: { image: image as never } },
			]);
			expect({ status, error }).toEqual({ status: 'success' });
		}
		const { data } = await world.callBare(executor, SAYS);
		expect(data[0]!.json).toMatchObject({ status: 'succeeded', text: 'hello' });
	});

	it('hands over the id of what it does not wait for', async () => {
		const { data } = await world.callBare(executor, { ...SAYS, waitFor: 'nothing' });
		const ids = world.sandbox.predictions.all.map(({ id }) => id);
		expect(data[0]!.json).toMatchObject({ id: ids[0], status: 'starting' });
	});
});

describeEach('the files of %s where n8n keeps them in memory', (executor) => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld('default');
	});
	afterAll(async () => await world.stop());

	// What Agents get goes to a language model as JSON: base64 of a video is no answer.
	it('are URLs for Agents, and binary data for the next step', async () => {
		const { data, status } = await world.callBare(executor, THUMBNAIL(`'${PNG}'`));
		expect(status).toBe('success');
		const [{ json, binary }] = data as [{ json: { files: unknown[] }; binary?: object }];
		expect(json.files).toHaveLength(1);
		expect(Object.keys(binary ?? {})).toEqual(executor === 'agents' ? [] : ['data']);
	});
});
