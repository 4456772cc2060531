import type { INodeParameters } from 'n8n-workflow';
import { runForm, runModel, startWorld, type World } from './world';

const VERSION = 'a'.repeat(64);
const located = (value: string) => ({ __rl: true, mode: 'name', value });

/** What only an expression, or a hand-written workflow, can give. Nothing of it may reach Replicate. */
describe('a value that cannot be followed is refused in words', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	it.each<[string, INodeParameters, string]>([
		[
			'a deployment of a version without its model',
			{
				resource: 'deployment',
				operation: 'create',
				name: 'a',
				model: located(VERSION),
				hardware: 'cpu',
			},
			'A version ID alone does not say which model it belongs to',
		],
		[
			'the README of a version without its model',
			{ resource: 'model', operation: 'getReadme', model: located(VERSION) },
			'A version ID alone does not say which model it belongs to',
		],
		[
			'the collection of no name',
			{ resource: 'collection', operation: 'get', collection: '={{ "" }}' },
			'No collection was chosen',
		],
		[
			'the deployment of no name',
			{ resource: 'deployment', operation: 'get', deployment: located('={{ "" }}') },
			'No deployment was chosen',
		],
		[
			'a prediction without an ID',
			{ resource: 'prediction', operation: 'get', predictionId: '={{ "" }}' },
			'No prediction ID was given',
		],
		[
			'a training without a destination',
			{
				resource: 'training',
				operation: 'create',
				model: located('sandbox/trainable'),
				destination: '={{ "" }}',
			},
			'The training needs a destination',
		],
		[
			'a size that is no number',
			runModel('sandbox/slow', { options: { maxFileMb: '={{ "many" }}' } }),
			'Options → Max Output File Size (MB) must be a number of 0.01 or more, and is "many"',
		],
		[
			'a size of an older workflow that is no number',
			runModel('sandbox/slow', { options: { maxFileBytes: '={{ "many" }}' } }),
			'Options → Max File Size (Bytes) must be a number of 1 or more, and is "many"',
		],
		[
			'a new model with a version',
			{
				resource: 'model',
				operation: 'create',
				modelName: `sandbox/x:${VERSION}`,
				hardware: 'cpu',
			},
			'A new model has no version yet',
		],
		[
			'a new model without hardware',
			{ resource: 'model', operation: 'create', modelName: 'sandbox/x', hardware: '={{ "" }}' },
			'The model needs hardware',
		],
		[
			'the upload of an address',
			{ resource: 'file', operation: 'upload', binaryField: 'https://example.org/a.png' },
			'The upload needs a binary field, and got a URL',
		],
		[
			'a training without an ID',
			{ resource: 'training', operation: 'get', trainingId: '={{ "" }}' },
			'No training ID was given',
		],
		[
			'a training with a path for an ID',
			{ resource: 'training', operation: 'get', trainingId: '../predictions' },
			'"../predictions" is not a training ID',
		],
		[
			'inputs that are a list',
			{
				...runForm('sandbox/slow', {}),
				inputFields: { mappingMode: 'defineBelow', value: '={{ [1] }}' },
			},
			'Inputs must hold the form’s values, and is [1]',
		],
		[
			'two files for an input that takes one',
			runModel('sandbox/thumbnail', { inputJson: '={{ { "image": ["data", "mask"] } }}' }),
			'The input "image" takes one file, and 2 were given',
		],
		[
			'an event that Replicate does not know',
			runModel('sandbox/slow', {
				options: {
					webhookUrl: 'http://127.0.0.1:1/webhook/x',
					webhookEvents: '={{ ["completed", "begun"] }}',
				},
			}),
			'Options → Webhook Events must be a list of completed, start, output, logs, and is ["completed","begun"]',
		],
		[
			'events that are no list',
			runModel('sandbox/slow', {
				options: { webhookUrl: 'http://127.0.0.1:1/webhook/x', webhookEvents: '={{ 5 }}' },
			}),
			'Options → Webhook Events must be a list of completed, start, output, logs, and is 5',
		],
	])('%s', async (_what, parameters, words) => {
		const item = await world.fileItem(Buffer.from('x'), 'a.txt', 'text/plain');
		item.binary!.mask = item.binary!.data!;
		const before = world.sandbox.requests.length;
		const { error } = await world.run({ parameters }, [item]);
		expect(error!.message).toBe(`${words} [item 0]`);
		const sent = world.sandbox.requests.slice(before).filter(({ method }) => method !== 'GET');
		expect(sent).toEqual([]);
	});

	it('an expression for the whole form, which some versions of n8n evaluate', async () => {
		const parameters = { ...runForm('sandbox/slow', {}), inputFields: '={{ $json }}' };
		const { error } = await world.run({ parameters }, [{ json: { seconds: 0 } }]);
		expect(error).toMatchObject({
			message: expect.stringMatching(/^Inputs must hold the form’s values, and is /) as string,
			description: 'To give all inputs by one expression, write it into Additional Inputs (JSON).',
		});
	});

	it('a deployment that has nothing to run', async () => {
		const body = JSON.stringify({ owner: 'sandbox', name: 'empty', current_release: null });
		world.sandbox.faults.plan('GET', /\/deployments\/sandbox\/empty$/, {
			kind: 'answer',
			status: 200,
			headers: { 'content-type': 'application/json' },
			body,
		});
		const parameters = {
			target: 'deployment',
			deployment: located('sandbox/empty'),
		};
		const { error } = await world.run({ parameters });
		expect(error!.message).toBe('The deployment "sandbox/empty" has no release to run [item 0]');
	});

	it('a version that may not be read, or that is not there', async () => {
		const parameters = runModel(`sandbox/slow:${VERSION}`);
		const gone = await world.run({ parameters });
		expect(gone.error!.message).toContain('This version belongs to another model');
		expect(world.sandbox.requests.at(-1)).toMatchObject({ method: 'GET' });
		world.sandbox.faults.plan('GET', /\/versions\/a+$/, { kind: 'answer', status: 403 });
		const refused = await world.run({ parameters });
		expect(refused.error!.message).toBe('Replicate refused the request (403) [item 0]');
		expect(world.sandbox.requests.at(-1)).toMatchObject({ method: 'GET' });
	});
});
