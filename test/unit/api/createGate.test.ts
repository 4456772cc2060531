import { CreateGate } from '../../../nodes/shared/api/createGate';
import { StoppedError } from '../../../nodes/shared/api/errors';
import { endsBefore } from '../../timing';

describe('CreateGate', () => {
	const entered = async (gate: CreateGate, count: number) => {
		const startedAt = Date.now();
		const times: number[] = [];
		const enter = async () => {
			await gate.enter();
			times.push(Date.now() - startedAt);
		};
		await Promise.all(Array.from({ length: count }, enter));
		return times;
	};

	it('lets everything pass at once while there was no 429', async () => {
		expect(await endsBefore(500, entered(new CreateGate(), 50))).toBe(true);
	});

	it('holds all until the hint, then lets one a second pass', async () => {
		const gate = new CreateGate();
		gate.throttled(1_000);
		const [first, second, third] = await entered(gate, 3);
		expect(first).toBeGreaterThanOrEqual(990);
		expect(second! - first!).toBeGreaterThanOrEqual(990);
		expect(third! - second!).toBeGreaterThanOrEqual(990);
	});

	it('lets a stopped one go, and the next one keeps its turn', async () => {
		const gate = new CreateGate();
		gate.throttled(300);
		const stop = new AbortController();
		const stopped = gate.enter(stop.signal);
		const next = gate.enter();
		stop.abort();
		await expect(stopped).rejects.toBeInstanceOf(StoppedError);
		await expect(next).resolves.toBe(true);
	});

	it('keeps nobody waiting who could not be sent before the deadline', async () => {
		const gate = new CreateGate();
		gate.throttled(3_600_000);
		const deadline = Date.now() + 1_000;
		const entering = Promise.all([
			gate.enter(undefined, deadline),
			gate.enter(undefined, deadline),
		]);
		expect(await endsBefore(900, entering)).toBe(true);
		expect(await entering).toEqual([false, false]);
	});
});
