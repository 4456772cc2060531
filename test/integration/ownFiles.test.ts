import sharp from 'sharp';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { runModel, startWorld, type World } from './world';

const TOKENS = { r8_mine_0001: 'mine', r8_other_0001: 'other' };

/** Outputs of several kinds at once: public files, files behind the token, data URIs, texts. */
describe('an output of several kinds', () => {
	let world: World;
	beforeAll(async () => (world = await startWorld('filesystem', { tokens: TOKENS, bootMs: 1 })));
	beforeEach(() => world.sandbox.forget());
	afterAll(async () => await world.stop());

	const outputOf = async (kinds: string[], more: INodeParameters = {}) => {
		const inputJson = JSON.stringify({ kinds });
		const { items, error } = await world.run({
			parameters: runModel('sandbox/mixed', { inputJson, ...more }),
		});
		expect(error).toBeUndefined();
		return items[0]!;
	};
	/** What the model says, where the test chooses the addresses. */
	const says = async (output: unknown) => {
		const inputJson = JSON.stringify({ output: JSON.stringify(output) });
		const { items, error } = await world.run({
			parameters: runModel('sandbox/says', { inputJson }),
		});
		expect(error).toBeUndefined();
		return items[0]!;
	};
	const filesOf = ({ json }: INodeExecutionData) =>
		json.files as Array<{ url: string; field?: string; note?: string }>;
	const widthOf = async ({ binary }: INodeExecutionData, field: string) =>
		(await sharp(await world.engine.read(binary![field]!)).metadata()).width;

	it('has its files behind the token, with the token, beside its public ones', async () => {
		const item = await outputOf(['tokenFile', 'file']);
		expect(await widthOf(item, 'data')).toBe(16);
		expect(await widthOf(item, 'data_1')).toBe(16);
		for (const { headers } of world.sandbox.delivery.requests) {
			expect(JSON.stringify(headers)).not.toContain('r8_');
		}
	});

	it('leaves the token behind at a redirect to another origin', async () => {
		const item = await outputOf(['redirectedTokenFile']);
		expect(await widthOf(item, 'data')).toBe(16);
		expect(world.sandbox.delivery.requests).toHaveLength(1);
		expect(JSON.stringify(world.sandbox.delivery.requests)).not.toMatch(/r8_|authorization/i);
	});

	it('does not lose its other files to one that is another account’s, or gone', async () => {
		const { outputFiles, baseUrl } = { ...world.sandbox, baseUrl: world.sandbox.baseUrl };
		const theirs = outputFiles.add('other', 'a.png', Buffer.from('secret'));
		const good = await world.sandbox.delivery.host('good.txt', Buffer.from('good'));
		const item = await says([theirs, `${baseUrl}/files/gone`, good]);
		const note = `Not downloaded: ${new URL(baseUrl).host} refused it (HTTP 404)`;
		expect(filesOf(item)).toMatchObject([{ url: theirs, note }, { note }, { field: 'data_2' }]);
		expect((await world.engine.read(item.binary!.data_2!)).toString()).toBe('good');
	});

	it.each([401, 403])('takes the %i of a file host for what it is', async (status) => {
		const { faults, delivery } = world.sandbox;
		const [bad, good] = [
			await delivery.host('bad.txt', Buffer.from('x')),
			await delivery.host('good.txt', Buffer.from('good')),
		];
		faults.plan('GET', /bad/, { kind: 'answer', status, body: '{"detail":"no"}' });
		const item = await says([bad, good]);
		expect(filesOf(item)[0]!.note).toBe(
			`Not downloaded: ${new URL(bad).host} refused it (HTTP ${status})`,
		);
		expect(Object.keys(item.binary!)).toEqual(['data_1']);
	});

	it('brings the token to no other route of the API, whatever it names', async () => {
		const { baseUrl } = world.sandbox;
		await says([
			`${baseUrl}/webhooks/default/secret`,
			`${baseUrl}/files/..%2fwebhooks%2fdefault%2fsecret`,
			`${baseUrl}/files/%2e%2e/account`,
		]);
		const asked = world.sandbox.requests.filter(({ path }) => /secret|account|files/.test(path));
		expect(asked.length).toBeGreaterThan(0);
		expect(asked.filter(({ authorized }) => authorized)).toEqual([]);
	});

	it('keeps its texts whole, and shortens only what became binary data', async () => {
		const { json, binary } = await outputOf([
			'text',
			'textLikeDataUri',
			'dataUri',
			'brokenDataUri',
		]);
		expect(json.output).toEqual([
			'a caption',
			'data: 12 cats',
			'data:image/png;base64,…',
			'data:image/png;base64,%%%not base64%%%',
		]);
		expect(Object.keys(binary!)).toEqual(['data']);
		expect(json.files).toMatchObject([
			{ field: 'data', mimeType: 'image/png' },
			{ note: 'Not downloaded: its data is not valid base64' },
		]);
	});

	it('shortens them in each item where each file gets one', async () => {
		const inputJson = JSON.stringify({ kinds: ['dataUri', 'dataUri', 'textLikeDataUri'] });
		const options = { outputItems: 'perFile' };
		const { items } = await world.run({
			parameters: runModel('sandbox/mixed', { inputJson, options }),
		});
		const output = ['data:image/png;base64,…', 'data:image/png;base64,…', 'data: 12 cats'];
		expect(items.map(({ json }) => json.output)).toEqual([output, output]);
	});

	it('says of a host inside the network what is true of it', async () => {
		const [file] = filesOf(await says('https://files.corp.internal/a.png'));
		expect(file!.note).toBe('Not downloaded: its host is in a private network');
	});
});
