import type { Item } from '../../../nodes/host/item';
import { Reuse } from '../../../nodes/jobs/ledger/reuse';
import type { Settings } from '../../../nodes/jobs/input/settings';
import type { ListLimits, PredictionsApi } from '../../../nodes/shared/predictions/api';
import { MODEL } from '../predictions/executions';
import { FakeReplicate } from '../predictions/fakeReplicate';
import { VirtualTime } from '../predictions/virtualTime';

const SETTINGS = { reuse: 'sameInput', waitFor: 'result' } as Settings;

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
		const find = (deadlineMs: number) => {
			const terms = { signal: stop.signal, deadline: api.now() + deadlineMs };
			const item = { warn: () => undefined } as unknown as Item;
			return new Reuse({} as never, api).resultFinder(item, MODEL, SETTINGS, terms)!;
		};
		return { api, stop, limits, find };
	};

	it('is given up when the workflow is stopped', async () => {
		const { stop, find } = setUp();
		const finding = find(60_000)({ prompt: 'a' });
		stop.abort(new Error('stopped'));
		await expect(finding).rejects.toThrow('stopped');
	});

	it.each([
		[12_000, 3_000],
		[1_800_000, 30_000],
		[-5, 0],
	])('leaves an item of %i ms most of its time', async (deadline, ms) => {
		const { api, stop, limits, find } = setUp();
		const finding = find(deadline)({ prompt: 'a' }).catch(() => undefined);
		expect(limits[0]!.until! - api.now()).toBe(ms);
		stop.abort();
		await finding;
	});
});
