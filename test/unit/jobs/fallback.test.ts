import type { Item } from '../../../nodes/host/item';
import { firstInService } from '../../../nodes/jobs/ledger/fallback';
import type { Plan } from '../../../nodes/jobs/input/plan';
import { PREDICTION } from '../../../nodes/shared/models/jobKind';
import { assertSucceeded } from '../../../nodes/shared/predictions/status';
import { FakeN8n } from './fakeN8n';

jest.mock('../../../transports/edition', () => ({
	openTransport: ({ transport }: { transport: unknown }) => transport,
}));

const baseUrl = new URL('https://replicate.test/v1');
const failed = { id: 'p1', status: 'failed', error: 'Service is unavailable (E004)' };

describe('a fallback model', () => {
	const planOf = (name: string) => ({ model: { name, version: name }, fingerprint: name }) as Plan;
	const setUp = async () => {
		const n8n = new FakeN8n(1);
		const { run } = await n8n.run([]);
		const item = { index: 0, signal: n8n.controller.signal, run } as Item;
		return { n8n, item };
	};

	it('is run where the model is out of service', async () => {
		const { item } = await setUp();
		const items = await firstInService(item, ['first', 'second'].map(planOf), async (plan) => {
			await Promise.resolve();
			if (plan.fingerprint === 'first') assertSucceeded(failed, baseUrl, PREDICTION);
			return [{ json: { by: plan.fingerprint } }];
		});
		expect(items).toMatchObject([{ json: { by: 'second', modelsTried: [{ model: 'first' }] } }]);
	});

	it('is not run after a stop, although the model is out of service', async () => {
		const { n8n, item } = await setUp();
		const ran: string[] = [];
		const running = firstInService(item, ['first', 'second'].map(planOf), async (plan) => {
			await Promise.resolve();
			ran.push(plan.fingerprint);
			n8n.controller.abort();
			assertSucceeded(failed, baseUrl, PREDICTION);
			return [];
		});
		await expect(running).rejects.toMatchObject({ facts: { code: 'runFailed' } });
		expect(ran).toEqual(['first']);
	});
});
