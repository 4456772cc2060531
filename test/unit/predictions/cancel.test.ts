import { errorFromNetwork } from '../../../nodes/shared/api/networkError';
import { errorFromResponse } from '../../../nodes/shared/api/responseError';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import { PREDICTION } from '../../../nodes/shared/models/jobKind';
import { cancelForSure, cancelJob } from '../../../nodes/shared/predictions/cancel';
import type { JobRecord } from '../../../nodes/shared/predictions/record';
import { responding } from './fakeApi';

const one = (status: string): Prediction => ({ id: 'abc', status });
const failed = (status: number) => errorFromResponse(status, {}, '');
const cut = errorFromNetwork('https://a.example', 'ECONNRESET', true);
const CANCEL = 'cancel abc';
const READ = 'read abc';
const cancels = (count: number) => Array<string>(count).fill(CANCEL);

describe('a cancel', () => {
	const cancel = async (responses: Array<Prediction | Error>, isKnown?: boolean) => {
		const { api, calls } = responding(...responses);
		const began = api.now();
		const cancelled = await cancelForSure({ api, kind: PREDICTION }, 'abc', isKnown);
		return { ...cancelled, calls, tookMs: api.now() - began };
	};

	it.each([
		['canceled', 'cancelled'],
		['aborted', 'cancelled'],
		['succeeded', 'ended'],
		['failed', 'ended'],
	])('that finds it %s is sent once: %s', async (status, fate) => {
		expect(await cancel([one(status)])).toEqual({
			fate,
			prediction: one(status),
			calls: [CANCEL],
			tookMs: 0,
		});
	});

	it.each([failed(500), failed(503), failed(429), failed(408), failed(404), cut])(
		'is repeated after %s',
		async (failure) => {
			const { fate, calls, tookMs } = await cancel([failure, failure, one('canceled')]);
			expect([fate, calls, tookMs]).toEqual(['cancelled', cancels(3), 1_500]);
		},
	);

	it('is repeated until it has its effect', async () => {
		const late = await cancel([one('processing'), one('processing'), one('canceled')]);
		expect(late).toMatchObject({ fate: 'cancelled', calls: cancels(3) });
		const tooLate = await cancel([one('processing'), one('succeeded')]);
		expect(tooLate).toMatchObject({ fate: 'ended', prediction: one('succeeded') });
	});

	it('is given up after 10 s, with one read that says what is so', async () => {
		const { fate, prediction, error, calls, tookMs } = await cancel([one('processing')]);
		expect({ fate, prediction, error, calls }).toEqual({
			fate: 'unconfirmed',
			prediction: one('processing'),
			error: undefined,
			calls: [...cancels(5), READ],
		});
		expect(tookMs).toBe(7_500);
		const responses = [...Array<Error>(5).fill(failed(503)), one('succeeded')];
		expect(await cancel(responses)).toMatchObject({ fate: 'ended', prediction: one('succeeded') });
	});

	it('that nobody confirms is not called one, and says why', async () => {
		const { fate, prediction, error, calls } = await cancel([failed(503)]);
		expect([fate, prediction, calls]).toEqual(['unconfirmed', undefined, [...cancels(5), READ]]);
		expect(error).toMatchObject({ status: 503 });
		const accepted = await cancel([one('starting'), ...Array<Error>(5).fill(failed(503))]);
		expect(accepted).toMatchObject({ fate: 'unconfirmed', prediction: one('starting') });
	});

	it.each([failed(403), failed(409), new Error('a fault of ours')])(
		'is not repeated after %s',
		async (failure) => {
			expect(await cancel([failure, one('processing')])).toMatchObject({
				fate: 'unconfirmed',
				error: failure,
				calls: [CANCEL, READ],
			});
			expect(await cancel([failure, one('succeeded')])).toMatchObject({ fate: 'ended' });
		},
	);

	it('of what may not exist is not repeated after a 404', async () => {
		expect(await cancel([failed(404)], false)).toMatchObject({
			fate: 'unconfirmed',
			error: { status: 404 },
			calls: [CANCEL, READ],
		});
	});

	it.each<[Array<Prediction | Error>, string[]]>([
		[[one('canceled')], ['is canceled', 'became cancelled']],
		[[one('succeeded')], ['is succeeded']],
		[[one('processing')], ['is processing', 'became cancelUnconfirmed']],
		[[failed(403)], ['became cancelUnconfirmed']],
	])('is written down: %j', async (responses, steps) => {
		const noted: string[] = [];
		const { api } = responding(...responses);
		const record: Pick<JobRecord, 'is' | 'became'> = {
			is: ({ status }) => noted.push(`is ${status}`),
			became: (outcome) => noted.push(`became ${outcome}`),
		};
		const job = { api, kind: PREDICTION };
		await cancelJob({ ...job, record }, one('processing'));
		expect(noted).toEqual(steps);
		expect((await cancelJob(job, one('processing'))).fate).toBeDefined();
	});
});
