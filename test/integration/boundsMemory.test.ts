import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inOwnProcess } from '../ownProcess';
import type { HugeOutput } from './hugeOutputProcess';
import { runModel, startWorld, type World } from './world';

const MB = 1_000_000;

/** What may come of any size is read up to a limit, and what is beyond it is named. */
describe('the memory', () => {
	let world: World;
	beforeEach(async () => (world = await startWorld()));
	afterEach(async () => await world.stop());

	it.each([
		['held by its create', 'result'],
		['read while it is waited for', 'nothing'],
	])('reads no output of 200 MB of JSON, and names the prediction: %s', async (_how, waitFor) => {
		const file = join(__dirname, 'hugeOutputProcess.ts');
		const { json, id, ...seen } = await inOwnProcess<HugeOutput>(file, waitFor);
		expect(json).toMatchObject({
			error:
				'The prediction is too large to be read: Replicate’s response has more than 32 MiB [item 0]',
			details: {
				predictionId: id,
				webUrl: `https://replicate.com/p/${id}`,
				description: expect.stringContaining(`replicate.com/p/${id}`),
			},
		});
		expect(seen.predictions).toBe(1);
		// Held whole, it would be 200 MB as bytes and as much again as text. Node 24 lets 180 MB grow.
		expect(seen.grownBytes / MB).toBeLessThan(250);
	});

	it('leaves a file that n8n cannot keep in every mode where it is, with a note', async () => {
		const server = createServer((_request, response) => {
			response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 400 * MB + 1 });
			response.write('begin');
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/film.mp4`;
		const { items } = await world.run({
			parameters: runModel('sandbox/says', {
				inputJson: JSON.stringify({ output: JSON.stringify(url) }),
				// The rest of the film never comes. A node that waited for it would give up half a minute later.
				options: { timeout: 5 },
			}),
		});
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		expect(items[0]!.binary).toBeUndefined();
		expect(items[0]!.json.files).toEqual([
			{
				url,
				note: 'Not downloaded: it has 400.000001 MB, and Options → Max Output File Size allows 400 MB',
			},
		]);
	});
});
