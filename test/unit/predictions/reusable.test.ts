import type { ListLimits, PredictionsApi } from '../../../nodes/shared/predictions/api';
import { ReusablePredictions } from '../../../nodes/shared/predictions/reusable';
import { MODEL } from './executions';
import { FakeReplicate } from './fakeReplicate';
import { VirtualTime } from './virtualTime';

describe('the list in which an equal result is looked for', () => {
	const setUp = () => {
		const fake = new FakeReplicate(new VirtualTime());
		const limits: ListLimits[] = [];
		// A list that hangs until it is given up.
		const list: PredictionsApi['list'] = async (_kind, _from, _to, given = {}) => {
			limits.push(given);
			return await new Promise((_resolve, reject) =>
				given.signal!.addEventListener('abort', () => reject(given.signal!.reason as Error)),
			);
		};
		const api = { ...fake.api('we'), list };
		const stop = new AbortController();
		const find = async (deadlineMs: number) => {
			const terms = { signal: stop.signal, deadline: api.now() + deadlineMs };
			return await new ReusablePredictions(api).findEqual(MODEL, { prompt: 'a' }, terms);
		};
		return { api, stop, limits, find };
	};

	it('is given up when the workflow is stopped', async () => {
		const { stop, find } = setUp();
		const finding = find(60_000);
		stop.abort(new Error('stopped'));
		await expect(finding).rejects.toThrow('stopped');
	});

	it.each([
		[12_000, 3_000],
		[1_800_000, 30_000],
		[-5, 0],
	])('leaves an item of %i ms most of its time', async (deadline, ms) => {
		const { api, stop, limits, find } = setUp();
		const finding = find(deadline).catch(() => undefined);
		expect(limits[0]!.until! - api.now()).toBe(ms);
		stop.abort();
		await finding;
	});
});
