import { isCreate, type HeldRequest } from '../../dev/sandbox/holds';
import { sandboxWorld } from './sandboxWorld';

/** Requests that a test stops on their way, to choose the order of events. */
describe('holds of the sandbox', () => {
	const world = sandboxWorld();

	const create = async (prompt: string, signal?: AbortSignal) =>
		await world.calls.create('sandbox/tokens', { prompt }, { signal });
	const prompts = () => world.sandbox.predictions.all.map(({ input }) => input.prompt);
	const withPrompt = (prompt: string) => (request: HeldRequest) =>
		isCreate(request) && (request.body as { input: { prompt: string } }).input.prompt === prompt;

	it('lose a create before the service takes it', async () => {
		const hold = world.sandbox.holds.next('arrival');
		const response = create('x');
		expect(await hold.reached).toMatchObject({ method: 'POST', path: '/v1/predictions' });
		expect(prompts()).toEqual([]);
		hold.cut();
		expect(await response).toEqual({});
		expect(prompts()).toEqual([]);
	});

	it('cut the response of a create that was taken', async () => {
		const hold = world.sandbox.holds.next('response');
		const response = create('x');
		await hold.reached;
		expect(prompts()).toEqual(['x']);
		expect(await world.calls.list()).toHaveLength(1);
		hold.cut();
		expect(await response).toEqual({});
	});

	it('let another create pass first', async () => {
		const hold = world.sandbox.holds.next('arrival', withPrompt('mine'));
		const mine = create('mine');
		await hold.reached;
		expect((await create('theirs')).status).toBe(201);
		hold.go();
		expect((await mine).status).toBe(201);
		expect(prompts()).toEqual(['theirs', 'mine']);
	});

	it('let a create arrive after its client has left', async () => {
		const hold = world.sandbox.holds.next('arrival');
		const leave = new AbortController();
		const response = create('late', leave.signal);
		await hold.reached;
		leave.abort();
		expect(await response).toEqual({});
		expect(prompts()).toEqual([]);
		hold.go();
		await hold.verdict;
		while (prompts().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		expect(prompts()).toEqual(['late']);
	});

	it('stop a list while a prediction is added, and a cancel while it ends', async () => {
		const list = world.sandbox.holds.next('response', ({ path }) => path === '/v1/predictions');
		const before = world.calls.list();
		await list.reached;
		const { json } = await create('x');
		list.go();
		expect(await before).toEqual([]);
		const cancel = world.sandbox.holds.next('arrival', ({ path }) => path.endsWith('/cancel'));
		const cancelled = world.calls.cancel(json!.id);
		await cancel.reached;
		await world.sandbox.predictions.all[0]!.ended;
		cancel.go();
		expect((await cancelled).json).toMatchObject({ status: 'succeeded' });
	});
});
