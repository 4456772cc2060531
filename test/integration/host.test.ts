import { getEventListeners } from 'node:events';
import * as core from 'n8n-core';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { nodeType } from '../../dev/packageName';
import { fileInput, NODE, runModel, startWorld, type World } from './world';

/** What the node takes from n8n, and what it leaves behind there. */
describe('the node and n8n', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterEach(() => jest.restoreAllMocks());
	afterAll(async () => await world.stop());

	const creates = () => world.sandbox.counts.of('POST /predictions');

	it('keeps no hold of an execution after its run: a loop runs it many times', async () => {
		const signals = new Set<AbortSignal>();
		const { getExecutionCancelSignal } = core.ExecuteContext.prototype;
		jest
			.spyOn(core.ExecuteContext.prototype, 'getExecutionCancelSignal')
			.mockImplementation(function (this: core.ExecuteContext) {
				const signal = getExecutionCancelSignal.call(this);
				if (signal) signals.add(signal);
				return signal;
			});
		const account = { resource: 'account', operation: 'get' };
		const run = await world.startChain([account, account, account]).finished;
		expect(Object.keys(run.data.resultData.runData)).toHaveLength(4);
		const listeners = [...signals].map((signal) => getEventListeners(signal, 'abort').length);
		expect(listeners).toEqual([0]);
	});

	describe('in an n8n that does not tell a tool’s call from others', () => {
		const { prototype } = core.ExecuteContext;
		const { isToolExecution } = prototype;
		beforeAll(() => (prototype.isToolExecution = undefined as never));
		afterAll(() => (prototype.isToolExecution = isToolExecution));

		it('knows by its type that it is a tool, which cannot wait for a callback', async () => {
			const place = { typeVersion: 1, position: [0, 0] as [number, number] };
			const tool = {
				...{ ...place, id: 'tool', name: NODE, type: nodeType('replicateTool') },
				parameters: runModel('sandbox/slow', {
					inputJson: '{"seconds":0}',
					waitFor: 'callback',
				}),
				credentials: { replicateApi: { id: 'sandbox', name: 'Sandbox' } },
			};
			const before = creates();
			const run = await world.engine.start({ nodes: [tool], connections: {} }).finished;
			expect(run.data.resultData.error!.message).toMatch(
				/^Continue → When Replicate Calls Back cannot be used here: this agent runs its tools itself/,
			);
			expect(creates()).toBe(before);
		});
	});

	describe('in n8n’s combined binary mode, where files are in the JSON', () => {
		const combined = async (...names: string[]): Promise<INodeExecutionData> => {
			const files: Record<string, IBinaryData> = {};
			for (const name of names) {
				files[name] = await world.engine.keep(Buffer.from(name), `${name}.txt`, 'text/plain');
			}
			return { json: { _files: files as never } };
		};
		const sent = () => world.sandbox.predictions.all.at(-1)!.input;
		const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');

		it('takes an item’s only file for the only input that needs one', async () => {
			const photo = await world.engine.keep(svg, 'a.svg', 'image/svg+xml');
			const item = { json: { _files: { photo } as never } };
			const { error } = await world.run({ parameters: runModel('sandbox/thumbnail') }, [item]);
			expect(error).toBeUndefined();
			expect(sent().image).toMatch(/^data:image\/svg\+xml;base64,/);
		});

		it.each(['photo', '_files.photo'])('finds a file as %s', async (name) => {
			const parameters = runModel('sandbox/checksum', fileInput('file', name));
			const { error } = await world.run({ parameters }, [await combined('photo')]);
			expect(error).toBeUndefined();
			expect(sent().file).toMatch(/^data:text\/plain;base64,/);
		});

		it('lists each file once where none has the name', async () => {
			const parameters = runModel('sandbox/checksum', fileInput('file', 'photograph'));
			const { error } = await world.run({ parameters }, [await combined('photo', 'mask')]);
			expect(`${error!.message} ${error!.description}`).toContain('photo, mask');
			expect(`${error!.message} ${error!.description}`).not.toContain('_files');
		});
	});

	it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
		'finds no file %s in an item that has none of the name',
		async (name) => {
			const before = creates();
			const parameters = runModel('sandbox/checksum', fileInput('file', name));
			const item = await world.fileItem(Buffer.from('x'), 'a.txt', 'text/plain');
			const { error } = await world.run({ parameters }, [item]);
			expect(error!.message).toBe(
				`The input "file" needs a file, and the item has no binary field "${name}" [item 0]`,
			);
			expect(creates()).toBe(before);
		},
	);

	it('waits for a prediction no longer than Replicate lets one run', async () => {
		const before = creates();
		const options = { timeout: 86_401 };
		const parameters = runModel('sandbox/slow', { inputJson: '{"seconds":0}', options });
		const { error } = await world.run({ parameters });
		expect(error!.message).toBe(
			'Options → Timeout (Seconds) must be a number from 1 to 86400, and is 86401 [item 0]',
		);
		expect(creates()).toBe(before);
	});
});
