import type { INodeParameters, ResourceMapperFields } from 'n8n-workflow';
import { versionOf } from '../../dev/sandbox/models/model';
import { runForm, runModel, startWorld, type World } from './world';

/** Replicate runs a version whatever model is named beside it, and bills the version's model. */
describe('a version of another model', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const slow = versionOf({ owner: 'sandbox', name: 'slow' });
	const fail = versionOf({ owner: 'sandbox', name: 'fail' });
	const posts = () => world.sandbox.requests.filter(({ method }) => method === 'POST').length;
	const beside = (version: string): INodeParameters => ({ options: { version } });

	it.each([
		['JSON', 'sandbox/fail', runModel('sandbox/fail', { ...beside(slow), inputJson: '{}' })],
		['the form', 'sandbox/fail', runForm('sandbox/fail', { message: 'x' }, beside(slow))],
		['JSON', 'sandbox/tokens', runModel('sandbox/tokens', { ...beside(slow), inputJson: '{}' })],
		['the form', 'sandbox/tokens', runForm('sandbox/tokens', { prompt: 'x' }, beside(slow))],
	])(
		'is refused before anything is sent, with inputs of %s: %s',
		async (_way, name, parameters) => {
			const before = posts();
			const { error } = await world.run({ parameters });
			const isOfficial = name === 'sandbox/tokens';
			expect(error).toMatchObject({
				message: isOfficial
					? `The model "${name}" is official, and takes no version [item 0]`
					: `This version belongs to another model: ${name} has no version ${slow.slice(0, 12)} [item 0]`,
				description: 'Set Options → Version to Latest.',
			});
			expect(posts()).toBe(before);
		},
	);

	it('is refused behind the name, too', async () => {
		const before = posts();
		const { error } = await world.run({ parameters: runModel(`sandbox/slow:${fail}`) });
		expect(error!.message).toContain('This version belongs to another model: sandbox/slow');
		expect(error!.description).toBe(
			'Remove the version after the colon to run the latest, or correct it.',
		);
		expect(posts()).toBe(before);
	});

	it('is refused for a training', async () => {
		const before = posts();
		const { error } = await world.run({
			parameters: {
				resource: 'training',
				operation: 'create',
				destination: 'sandbox/mine',
				...runModel('sandbox/trainable', { ...beside(slow), inputJson: '{"steps":10}' }),
			},
		});
		expect(error!.message).toContain('This version belongs to another model: sandbox/trainable');
		expect(posts()).toBe(before);
	});

	it('costs the form nothing', async () => {
		const { fields } = await world.inEditor<ResourceMapperFields>(
			'resourceMapping.getModelInputs',
			runModel('sandbox/fail', beside(slow)),
		);
		expect(fields.map(({ id }) => id)).toEqual(['message']);
	});

	it('is not what a model’s own version is', async () => {
		const input = { inputJson: '{"seconds":0}' };
		const own = await world.run({
			parameters: runModel('sandbox/slow', { ...beside(slow), ...input }),
		});
		expect(own.items[0]!.json).toMatchObject({ version: slow, text: 'done after 0 s' });
		// Its latest version is known also where Replicate does not show it by itself.
		world.sandbox.faults.plan('GET', /\/versions\//, { kind: 'answer', status: 404 });
		const latest = await world.run({
			parameters: runModel('sandbox/slow', { ...beside(slow), ...input }),
		});
		expect(latest.items[0]!.json).toMatchObject({ version: slow });
	});

	it('cannot be told apart while Replicate cannot be asked, so nothing runs', async () => {
		const before = posts();
		world.sandbox.faults.plan('GET', /\/versions\//, { kind: 'answer', status: 403 });
		const { error } = await world.run({
			parameters: runModel('sandbox/fail', beside(slow)),
		});
		expect(error!.message).toContain('Replicate refused');
		expect(posts()).toBe(before);
	});
});
