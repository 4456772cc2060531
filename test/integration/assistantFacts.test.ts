import type { INodePropertyOptions } from 'n8n-workflow';
import { runModel, startWorld, type World } from './world';

/** What n8n's Assistant asks for while it builds: lists of options, and no forms. */
describe('the inputs of the chosen model, as a list of options', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const inputs = async (parameters: Parameters<World['inEditor']>[1], method = 'getModelInputs') =>
		await world.inEditor<INodePropertyOptions[]>(`loadOptions.${method}`, parameters);

	it('have name, type, limits, choices, default and description', async () => {
		const flux = await inputs(runModel('black-forest-labs/flux-schnell'));
		expect(flux).toEqual(
			expect.arrayContaining([
				{
					name: 'prompt (text, required)',
					value: 'prompt',
					description: 'Prompt for generated image',
				},
				{
					name: 'num_outputs (integer, 1 to 4, default 1)',
					value: 'num_outputs',
					description: 'Number of outputs to generate',
				},
				expect.objectContaining({
					name: 'output_format (choice, one of ["webp","jpg","png"], default "webp")',
				}),
			]),
		);
		const [upscaled] = await inputs(runModel('philz1337x/clarity-upscaler'));
		expect(upscaled).toMatchObject({ name: 'image (file, required)', value: 'image' });
	});

	it('are those of a deployment or of a training, where that is chosen', async () => {
		const deployment = { __rl: true, mode: 'name', value: 'sandbox/my-thumbnail' };
		const deployed = await inputs({ target: 'deployment', deployment });
		expect(deployed.map(({ value }) => value)).toContain('image');
		const training = { resource: 'training', operation: 'create' };
		const trained = await inputs(runModel('sandbox/trainable', training), 'getTrainingInputs');
		expect(trained.map(({ name }) => name)).toEqual([
			'input_images (file, required)',
			'steps (integer, 1 to 1000, default 10)',
		]);
	});

	it('are none where no model is chosen yet, or an expression chooses it', async () => {
		expect(await inputs({})).toEqual([]);
		expect(await inputs(runModel('={{ $json.model }}'))).toEqual([]);
	});

	it('are an error with the reason for a model that is not there', async () => {
		await expect(inputs(runModel('nobody/nothing'))).rejects.toThrow(/nobody\/nothing/);
	});
});
