import sharp from 'sharp';
import { models } from '../../dev/sandbox/models';
import { versionOf } from '../../dev/sandbox/models/model';
import { runModel, startWorld, type World } from './world';

const OFFICIAL = 'google/nano-banana';
const latest = versionOf({ owner: 'google', name: 'nano-banana' });

/** What builders copy out of Replicate's pages, and what comes back that says little of itself. */
describe('references and results as they are copied', () => {
	let world: World;

	beforeAll(async () => (world = await startWorld()));
	afterAll(async () => await world.stop());

	const created = () => world.sandbox.predictions.all.length;
	const run = async (model: string, more = {}) =>
		await world.run({
			parameters: runModel(model, {
				inputJson: '{ "prompt": "a fox" }',
				waitFor: 'nothing',
				...more,
			}),
		});

	it.each([
		`${OFFICIAL}:${latest}`,
		`https://replicate.com/${OFFICIAL}/versions/${latest}`,
		`"${OFFICIAL}"`,
		`https://api.replicate.com/v1/models/${OFFICIAL}`,
	])('%s runs an official model by its name', async (model) => {
		const { items, error } = await run(model);
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({ model: OFFICIAL, version: null });
		expect(world.sandbox.requests.at(-1)).toMatchObject({ method: 'POST' });
	});

	it.each([
		[{}, 'Remove the version'],
		[{ options: { version: 'b'.repeat(64) } }, 'Set Options → Version to Latest.'],
	])('another version of an official model is refused: %j', async (more, advice) => {
		const before = created();
		const name = 'options' in more ? OFFICIAL : `${OFFICIAL}:${'b'.repeat(64)}`;
		const { error } = await run(name, more);
		expect(error!.message).toBe(
			`The model "${OFFICIAL}" is official, and takes no version [item 0]`,
		);
		expect(error!.description).toContain(advice);
		expect(created()).toBe(before);
	});

	it.each([
		['https://replicate.com/p/abc123', 'of a prediction', 'use Prediction → Get'],
		['https://api.replicate.com/v1/predictions/abc123', 'of a prediction', 'use Prediction → Get'],
		['https://replicate.com/deployments/me/mine', 'of a deployment', 'set Run On to My Deployment'],
		['https://replicate.com/collections/official', 'of a collection', 'choose one of its models'],
		['https://api.replicate.com/v1/trainings/abc', 'of a training', 'use Training → Get'],
		['https://replicate.com/docs/reference/http', 'of the website', 'Write owner/name'],
	])('%s in the place of a model', async (address, kind, advice) => {
		const before = world.sandbox.requests.length;
		const { error } = await run(address);
		expect(error!.message).toBe(`"${address}" is the address ${kind}, and not of a model [item 0]`);
		expect(error!.description).toContain(advice);
		expect(world.sandbox.requests).toHaveLength(before);
	});

	it.each([
		(id: string) => id,
		(id: string) => `https://replicate.com/p/${id}`,
		(id: string) => `https://replicate.com/p/${id}/?x=1#top`,
		(id: string) => `https://api.replicate.com/v1/predictions/${id}`,
		(id: string) => `https://gateway.example.com/replicate/v1/predictions/${id}`,
		(id: string) => `https://replicate.com/sandbox/says?prediction=${id}`,
	])('Prediction → Get takes %s', async (addressOf) => {
		const { items } = await run('sandbox/says', { inputJson: '{"output":"\\"x\\""}' });
		const id = String(items[0]!.json.id);
		const parameters = { operation: 'get', predictionId: addressOf(id) };
		const got = await world.run({ parameters });
		expect(got.items[0]!.json.id).toBe(id);
	});

	it.each([
		['as it is', (token: string) => token],
		['in quotes', (token: string) => `"${token}"`],
		['with Bearer', (token: string) => `Bearer ${token}`],
		['as a header', (token: string) => `Authorization: Bearer ${token}`],
		['as a variable', (token: string) => `REPLICATE_API_TOKEN=${token}`],
		['as a variable of a shell', (token: string) => `export REPLICATE_API_TOKEN="${token}"`],
		['with line breaks', (token: string) => `\n ${token}\r\n`],
	])('a token %s', async (_how, written) => {
		const { token, baseUrl } = world.sandbox;
		world.engine.setCredential({ apiToken: written(token), baseUrl }, 'sandbox');
		const { error } = await world.run({ parameters: { resource: 'account' } });
		world.engine.setCredential({ apiToken: token, baseUrl }, 'sandbox');
		expect(error).toBeUndefined();
	});

	const outputOf = async (output: unknown) => {
		const inputJson = JSON.stringify({ output: JSON.stringify(output) });
		const { items, error } = await world.run({
			parameters: runModel('sandbox/says', { inputJson }),
		});
		expect(error).toBeUndefined();
		return items[0]!;
	};

	it('a data URI whose type says nothing is recognized by its bytes', async () => {
		const create = { width: 4, height: 4, channels: 3, background: 'red' } as const;
		const webp = await sharp({ create }).webp().toBuffer();
		const uri = `data:application/octet-stream;base64,${webp.toString('base64')}`;
		const { binary } = await outputOf(uri);
		expect(binary!.data).toMatchObject({ mimeType: 'image/webp', fileExtension: 'webp' });
		expect(binary!.data!.fileName).toMatch(/\.webp$/);
	});

	it.each(['image/jpg', 'image/pjpeg'])('%s has the extension of a JPEG', async (type) => {
		const { binary } = await outputOf(`data:${type};base64,${Buffer.from('x').toString('base64')}`);
		expect(binary!.data!.fileName).toMatch(/\.jpg$/);
	});

	it('knows the models that it names', () => {
		expect(models.some(({ owner, name }) => `${owner}/${name}` === OFFICIAL)).toBe(true);
	});
});
