import type { Item } from '../../../nodes/host/item';
import type { Plan } from '../../../nodes/jobs/input/plan';
import { firstInService } from '../../../nodes/jobs/ledger/fallback';
import type { Ledger } from '../../../nodes/jobs/ledger/ledger';
import { PREDICTION } from '../../../nodes/shared/models/jobKind';
import { assertSucceeded } from '../../../nodes/shared/predictions/status';

const baseUrl = new URL('https://replicate.test/v1');
const failed = { id: 'p1', status: 'failed', error: 'Service is unavailable (E004)' };

describe('a fallback model', () => {
	const planOf = (name: string) => ({ model: { name, version: name }, fingerprint: name }) as Plan;
	const plans = ['first', 'second'].map(planOf);
	const nothingEarlier = { of: () => undefined } as unknown as Ledger;
	const setUp = () => {
		const controller = new AbortController();
		return { controller, item: { index: 0, signal: controller.signal } as Item };
	};

	it('is run where the model is out of service', async () => {
		const { item } = setUp();
		const items = await firstInService(item, nothingEarlier, plans, async ({ fingerprint }) => {
			await Promise.resolve();
			if (fingerprint === 'first') assertSucceeded(failed, baseUrl, PREDICTION);
			return [{ json: { by: fingerprint } }];
		});
		expect(items).toMatchObject([{ json: { by: 'second', modelsTried: [{ model: 'first' }] } }]);
	});

	it('is not run after a stop, although the model is out of service', async () => {
		const { controller, item } = setUp();
		const ran: string[] = [];
		const running = firstInService(item, nothingEarlier, plans, async ({ fingerprint }) => {
			await Promise.resolve();
			ran.push(fingerprint);
			controller.abort();
			assertSucceeded(failed, baseUrl, PREDICTION);
			return [];
		});
		await expect(running).rejects.toMatchObject({ facts: { code: 'runFailed' } });
		expect(ran).toEqual(['first']);
	});
});
