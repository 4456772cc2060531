import { promisify } from 'node:util';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { INode } from 'n8n-workflow';
import { itemsOf } from '../../dev/engine/engine';
import { nodeType } from '../../dev/packageName';
import { NODE, runModel, startWorld, type World } from './world';
import { until } from '../timing';

const FULL = 'ENOSPC: no space left on device, write';

/** n8n's disk is full while an output file is kept. */
describe('a store that fails', () => {
	let world: World;
	let url: string;
	let fails: (stream: unknown) => Promise<never>;

	beforeEach(async () => {
		world = await startWorld('filesystem', { bootMs: 1 });
		// More than the buffers on the way hold, so that a connection nobody reads from stays open.
		url = await world.sandbox.delivery.host('film.mp4', Buffer.alloc(60_000_000, 1));
		jest
			.spyOn(Container.get(BinaryDataService), 'store')
			// n8n 1.120 has the location in two arguments.
			.mockImplementation(async (...given) => await fails(given.find(isStream)));
	});
	afterEach(async () => {
		jest.restoreAllMocks();
		await world.stop();
	});

	const atOnce = async () => await Promise.reject(new Error(FULL));
	const afterAWhile = async (stream: unknown) => {
		// It leaves the stream open, as a failing disk does.
		const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
		for (let bytes = 0; bytes < 1_000_000;) {
			bytes += ((await chunks.next()).value as Buffer).length;
		}
		throw new Error(FULL);
	};
	const says = (more = {}) =>
		runModel('sandbox/says', {
			inputJson: JSON.stringify({ output: JSON.stringify(url) }),
			...more,
		});
	const words = () => {
		const { id } = world.sandbox.predictions.all[0]!;
		return `The prediction succeeded, but n8n could not store the file "film-${id}.mp4": ${FULL}`;
	};
	/** One download, and its connection is closed. */
	const expectOneDownload = async () => {
		const { requests, server } = world.sandbox.delivery;
		expect(requests).toHaveLength(1);
		const count = promisify(server.server.getConnections.bind(server.server));
		await until(async () => (await count()) === 0);
	};

	it.each([
		['at once', atOnce],
		['after a while', afterAWhile],
	])('%s is told as such, and the file is fetched once', async (_when, store) => {
		fails = store;
		const { items } = await world.run({ parameters: says(), onError: 'continueRegularOutput' });
		const { id } = world.sandbox.predictions.all[0]!;
		expect(items[0]!.json).toMatchObject({
			error: `${words()} [item 0]`,
			details: { predictionId: id, output: url },
		});
		const { description } = items[0]!.json.details as { description: string };
		expect(description).toMatch(/^Check the disk space.* get it again with Prediction → Get/);
		await expectOneDownload();
	});

	it('is told by an execution that goes on after a callback', async () => {
		fails = afterAWhile;
		const execution = world.start({ parameters: says({ waitFor: 'callback' }) });
		const run = await execution.ended;
		expect(itemsOf(run, NODE)[0]!.json.error).toBe(`${words()} [item 0]`);
		await expectOneDownload();
	});

	it('is told by the trigger', async () => {
		fails = afterAWhile;
		const trigger: INode = {
			id: 'trigger',
			name: 'Trigger',
			type: nodeType('replicateTrigger'),
			typeVersion: 1,
			position: [0, 0],
			parameters: { statuses: ['succeeded'], downloadFiles: true },
			credentials: { replicateApi: { id: 'sandbox', name: 'Sandbox' } },
		};
		const workflow = world.engine.activate({ nodes: [trigger], connections: {} });
		const parameters = says({ waitFor: 'nothing', options: { webhookUrl: workflow.url } });
		await world.run({ parameters });
		await until(() => workflow.runs.length > 0);
		const [item] = itemsOf(await workflow.runs[0]!, 'Trigger');
		expect(item!.json.downloadError).toContain(words());
		await expectOneDownload();
	});
});

function isStream(value: unknown): boolean {
	return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
