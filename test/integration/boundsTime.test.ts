import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runModel, startWorld, type Result, type World } from './world';
import { endsBefore } from '../timing';

const realNow = Date.now.bind(Date);

/** The time limit of an item holds for its whole way, whatever another machine, or this one, does. */
describe('the time limit', () => {
	let world: World;
	let foreign: Server;
	let respond: (response: ServerResponse) => void;

	beforeAll(async () => {
		foreign = createServer((_request, response) => respond(response));
		foreign.listen(0, '127.0.0.1');
		await once(foreign, 'listening');
	});
	beforeEach(
		async () => (world = await startWorld('filesystem', { now: realNow, longestHoldSeconds: 0.2 })),
	);
	afterEach(async () => await world.stop());
	afterAll(async () => {
		foreign.closeAllConnections();
		await new Promise((resolve) => foreign.close(resolve));
	});

	const fileUrl = () => `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/a.png`;
	/**
	 * Runs it with a time limit, and says whether it ended before another time was over, both in s. Without
	 * a limit, each of these would take minutes.
	 */
	const timed = async (
		timeout: number,
		seconds: number,
		run: (options: object) => Promise<Result>,
	) => {
		const began = performance.now();
		const running = run({ options: { timeout } });
		const isInTime = await endsBefore(seconds * 1_000, running);
		return { ...(await running), isInTime, seconds: (performance.now() - began) / 1_000 };
	};
	const says = async (output: unknown, more: object) =>
		await world.run({
			parameters: runModel('sandbox/says', {
				inputJson: JSON.stringify({ output: JSON.stringify(output) }),
				...more,
			}),
			onError: 'continueRegularOutput',
		});
	const createCount = () => world.sandbox.predictions.all.length;

	it('gives a file 30 s more, then names the prediction that is paid for, and its files', async () => {
		let closed: Promise<unknown> | undefined;
		respond = (response) => {
			closed = once(response, 'close');
			response.writeHead(200, { 'content-type': 'image/png', 'content-length': 10_000_000 });
			const drip = setInterval(() => response.write(Buffer.alloc(3_000)), 1_000);
			response.on('close', () => clearInterval(drip));
		};
		const output = [fileUrl(), `${fileUrl()}?second`];
		const { items, seconds, isInTime } = await timed(
			6,
			90,
			async (options) => await says(output, options),
		);
		expect(seconds).toBeGreaterThan(29);
		expect(isInTime).toBe(true);
		const { error, details } = items[0]!.json as { error: string; details: object };
		expect(error).toMatch(/^The prediction succeeded, but its output file could not be fetched:/);
		expect(error).toContain('it took too long');
		const [prediction] = world.sandbox.predictions.all;
		expect(details).toMatchObject({ predictionId: prediction!.id, status: 'succeeded', output });
		await closed;
	});

	it('ends a model’s page that never comes, before anything is created', async () => {
		world.sandbox.faults.plan('GET', /\/models\//, { kind: 'stall' }, 20);
		const { items, isInTime } = await timed(2, 25, async (options) => await says('x', options));
		expect(isInTime).toBe(true);
		expect(items[0]!.json.error).toMatch(/^Could not get a response from .*: it took too long/);
		expect(createCount()).toBe(0);
	});

	it('ends an upload that stalls, and says that nothing was created', async () => {
		world.sandbox.faults.plan('POST', /\/files$/, { kind: 'stall' }, 20);
		const file = await world.fileItem(Buffer.alloc(1_500_000), 'photo.png', 'image/png');
		const { items, isInTime } = await timed(2, 25, async (options) => {
			const parameters = runModel('sandbox/checksum', { inputJson: '{"file":"data"}', ...options });
			return await world.run({ parameters, onError: 'continueRegularOutput' }, [file]);
		});
		expect(isInTime).toBe(true);
		expect(items[0]!.json).toMatchObject({
			error: 'The file "photo.png" could not be uploaded within the time limit [item 0]',
			details: { description: expect.stringMatching(/^Nothing was created for this item\./) },
		});
		expect(createCount()).toBe(0);
	});

	it('is not shortened by a machine whose clock is set an hour ahead', async () => {
		world.sandbox.predictions.boot = async () => await sleep(1_500);
		const running = world.run({
			parameters: runModel('sandbox/tokens', {
				inputJson: '{"prompt":"still here"}',
				options: { timeout: 60 },
			}),
		});
		while (createCount() === 0) await sleep(10);
		const setAhead = jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 3_600_000);
		const { items, error } = await running;
		setAhead.mockRestore();
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({ status: 'succeeded', text: 'still here' });
		const cancels = world.sandbox.requests.filter(({ path }) => path.endsWith('/cancel'));
		expect(cancels).toEqual([]);
	});
});
