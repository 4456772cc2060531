import type { CreateLimits, PredictionsApi } from '../../../nodes/shared/predictions/api';
import { createPrediction } from '../../../nodes/shared/predictions/create';
import type { JobRecord, RecordedJob } from '../../../nodes/shared/predictions/record';
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
const hold = { holdSeconds: 60 };
const job = (api: PredictionsApi, deadline: number): RecordedJob => ({
	api,
	kind: PREDICTION,
	record,
	deadline,
	onTimeout: 'cancel',
	onStop: () => 'cancel',
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
		await createPrediction(job(limited, deadline), request, hold);
		expect(sent).toEqual([{ holdSeconds: 5, until: deadline + 10_000 }]);
	});

	it('that is up before it is sent is told, and whose fault it was not', async () => {
		const { api, calls } = responding(errorFromResponse(500, {}, ''));
		const late = createPrediction(job(api, api.now() - 1), request, hold);
		await expect(late).rejects.toMatchObject({
			message: 'The prediction could not be created within the time limit',
			code: 'createTimedOut',
		});
		const gate = { ...api, mayCreate: async () => await Promise.resolve(false) };
		await expect(createPrediction(job(gate, api.now() + 1_000), request, hold)).rejects.toThrow(
			/because Replicate limits how fast this account may create predictions$/,
		);
		expect(calls).toEqual([]);
	});
});
