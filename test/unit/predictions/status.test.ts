import type { Prediction } from '../../../nodes/shared/api/shapes';
import { PREDICTION, TRAINING, type JobKind } from '../../../nodes/shared/models/jobKind';
import { assertSucceeded, isPending } from '../../../nodes/shared/predictions/status';
import { wordsThrownBy } from '../errorWords';

const baseUrl = new URL('https://api.replicate.com/v1');

describe('the end of a prediction', () => {
	it.each([
		['starting', true],
		['processing', true],
		['succeeded', false],
		['failed', false],
		['canceled', false],
		['aborted', false],
		['successful', false],
		['', false],
	])('%s is pending: %s', (status, pending) => {
		expect(isPending({ status })).toBe(pending);
	});

	it.each([
		['failed', 'The model failed: it gave no reason'],
		['canceled', 'The prediction was cancelled before it had a result'],
		['aborted', 'The prediction was ended by Replicate before it started'],
		['paused', 'The prediction ended with the unknown status "paused"'],
	])('%s is an error that carries the id', (status, message) => {
		expect(() => assertSucceeded({ id: 'abc', status }, baseUrl, PREDICTION)).toThrow(
			expect.objectContaining({ message, details: { predictionId: 'abc', status } }),
		);
	});

	const errorOf = (prediction: object, kind: JobKind = PREDICTION) =>
		wordsThrownBy(() =>
			assertSucceeded({ id: 'abc', status: 'failed', ...prediction } as Prediction, baseUrl, kind),
		);

	it('passes on one that succeeded', () => {
		const prediction = { id: 'abc', status: 'succeeded', error: 'ignored' };
		expect(assertSucceeded(prediction, baseUrl, PREDICTION)).toBe(prediction);
	});

	it.each<[object, string, string]>([
		[
			{ error: 'odd', logs: 'one\n  two \n\n' },
			'The model failed: odd',
			'Prediction abc. Last line of its log: two The whole log is on its page at replicate.com/p/abc.',
		],
		[
			{ error: null, logs: null },
			'The model failed: it gave no reason',
			'Prediction abc. The whole log is on its page at replicate.com/p/abc.',
		],
		[
			{ error: '', logs: '  ' },
			'The model failed: it gave no reason',
			'Prediction abc. The whole log is on its page at replicate.com/p/abc.',
		],
		[
			{ error: { code: 5 } },
			'The model failed: {"code":5}',
			'Prediction abc. The whole log is on its page at replicate.com/p/abc.',
		],
		[
			{ status: 'canceled', error: 'by hand' },
			'The prediction was cancelled before it had a result',
			'Prediction abc. by hand Somebody cancelled it, or it reached its time limit.',
		],
		[
			{ status: 'canceled' },
			'The prediction was cancelled before it had a result',
			'Prediction abc. Somebody cancelled it, or it reached its time limit.',
		],
		[
			{ status: 'new' },
			'The prediction ended with the unknown status "new"',
			'Look at replicate.com/p/abc to see what happened.',
		],
	])('says of %j what happened and what to do', (prediction, message, description) => {
		expect(errorOf(prediction)).toMatchObject({ message, description });
	});

	it('speaks of a training as one', () => {
		expect(errorOf({ error: 'odd' }, TRAINING)).toMatchObject({
			message: 'The training failed: odd',
			description: expect.stringMatching(/^Training abc\. /) as string,
		});
	});
});
