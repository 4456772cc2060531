import type { IDataObject, INodeParameters } from 'n8n-workflow';

/** One operation with parameters that give at least one item in the sandbox. */
export interface OperationCall {
	resource: string;
	operation: string;
	parameters?: INodeParameters;
}

const located = (value: string) => ({ __rl: true, mode: 'name', value });
const PREDICTION = { model: located('sandbox/says'), inputJson: '{ "output": "\\"hello\\"" }' };
const SLOW = {
	model: located('sandbox/slow'),
	inputJson: '{ "seconds": 600 }',
	waitFor: 'nothing',
};
const MINE = { model: located('sandbox/mine') };
const DEPLOYMENT = { deployment: located('sandbox/photos') };
const ZIP = `data:application/zip;base64,${Buffer.from('PK').toString('base64')}`;

/**
 * Calls every operation of the node once, in an order in which each finds what it needs.
 *
 * @param call gives the JSON of the operation's items; the input has a file in its JSON, under `file`
 */
export async function callEveryOperation(
	call: (one: OperationCall) => Promise<IDataObject[]>,
): Promise<void> {
	const of =
		(resource: string) =>
		async (operation: string, parameters: INodeParameters = {}) =>
			await call({ resource, operation, parameters: { resource, operation, ...parameters } });
	const idOf = ([item]: IDataObject[]) => String(item!.id);

	const prediction = of('prediction');
	const predictionId = idOf(await prediction('run', PREDICTION));
	await prediction('get', { predictionId });
	await prediction('getAll', { limit: 1 });
	await prediction('summarize');
	await prediction('cancel', { predictionId: idOf(await prediction('run', SLOW)) });

	const model = of('model');
	await model('create', { modelName: 'sandbox/mine', hardware: 'cpu' });
	await model('update', { ...MINE, page: { description: 'Mine', readme: '# Mine' } });
	await model('getReadme', MINE);
	await model('get', { model: located('black-forest-labs/flux-schnell') });
	await model('getAll', { limit: 1 });
	await model('search', { query: 'upscale', limit: 1 });
	await model('getVersions', { model: located('sandbox/thumbnail'), limit: 1 });
	await model('getExamples', { model: located('black-forest-labs/flux-schnell'), limit: 1 });

	const training = of('training');
	const trained = (steps: number) => ({
		model: located('sandbox/trainable'),
		destination: 'sandbox/mine',
		inputJson: JSON.stringify({ steps, input_images: ZIP }),
	});
	const trainingId = idOf(await training('create', trained(3)));
	await training('get', { trainingId });
	await training('getAll', { limit: 1 });
	const long = await training('create', { ...trained(1_000), waitFor: 'nothing' });
	await training('cancel', { trainingId: idOf(long) });

	const file = of('file');
	const fileId = idOf(await file('upload', { binaryField: '={{ $json.file }}' }));
	await file('get', { fileId });
	await file('getAll', { limit: 1 });
	await file('delete', { fileId });

	const deployment = of('deployment');
	const machine = { hardware: 'gpu-t4', minInstances: 0, maxInstances: 2 };
	await deployment('create', {
		name: 'photos',
		model: located('sandbox/thumbnail'),
		...machine,
	});
	await deployment('get', DEPLOYMENT);
	await deployment('getAll', { limit: 1 });
	await deployment('update', { ...DEPLOYMENT, changes: { maxInstances: 5 } });
	await deployment('delete', DEPLOYMENT);

	await of('collection')('getAll', { limit: 1 });
	await of('collection')('get', { collection: 'official' });
	await of('hardware')('getAll');
	await of('account')('get');
	// The last one: a model that was trained cannot be removed.
	await model('create', { modelName: 'sandbox/empty', hardware: 'cpu' });
	await model('delete', { model: located('sandbox/empty') });
}
