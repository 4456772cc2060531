import type { CreateLimits } from '../../../nodes/shared/predictions/api';
import { createPrediction } from '../../../nodes/shared/predictions/create';
import type { JobRecord } from '../../../nodes/shared/predictions/record';
import { PREDICTION } from '../../../nodes/shared/models/jobKind';
import { errorFromResponse } from '../../../nodes/shared/api/responseError';
import { responding } from './fakeApi';

const record: JobRecord = {
	key: 'key',
	owner: 'us',
	intended: () => undefined,
	refused: () => undefined,
	is: () => undefined,
	lost: () => undefined,
	became: () => undefined,
};
const request = { target: { kind: PREDICTION, version: 'a/b' }, input: {} };
const options = (deadline: number) => ({
	holdSeconds: 60,
	deadline,
	onStop: () => 'cancel' as const,
});

describe('the time of a create', () => {
	it('is held no longer than what the item has left, after the account’s limit as well', async () => {
		const { api } = responding({ id: 'abc', status: 'succeeded' });
		const sent: CreateLimits[] = [];
		const limited = {
			...api,
			async mayCreate() {
				await api.sleep(15_000);
				return true;
			},
			async create(_request: unknown, limits: CreateLimits) {
				sent.push(limits);
				return await api.create(request, limits);
			},
		};
		const deadline = api.now() + 20_500;
		await createPrediction(limited, request, record, options(deadline));
		expect(sent).toEqual([{ holdSeconds: 5, until: deadline + 10_000 }]);
	});

	it('that is up before it is sent is told, and whose fault it was not', async () => {
		const { api, calls } = responding(errorFromResponse(500, {}, ''));
		const late = createPrediction(api, request, record, options(api.now() - 1));
		await expect(late).rejects.toMatchObject({
			message: 'The prediction could not be created within the time limit',
			code: 'createTimedOut',
		});
		const gate = { ...api, mayCreate: async () => await Promise.resolve(false) };
		await expect(
			createPrediction(gate, request, record, options(api.now() + 1_000)),
		).rejects.toThrow(/because Replicate limits how fast this account may create predictions$/);
		expect(calls).toEqual([]);
	});
});
