import {
	errorFromAnswer,
	errorFromNetwork,
	InputError,
	PredictionError,
} from '../../../nodes/shared/api/errors';
import { assertSucceeded, isPending, mayStillRun } from '../../../nodes/shared/predictions/status';

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
		['aborted', 'The prediction was ended by Replicate before it began'],
		['paused', 'The prediction ended with the unknown status "paused"'],
	])('%s is an error that carries the id', (status, message) => {
		expect(() => assertSucceeded({ id: 'abc', status }, baseUrl)).toThrow(
			expect.objectContaining({ message, details: { predictionId: 'abc', status } }),
		);
	});

	it.each([
		['that is pending', new PredictionError('x', '', { id: 'a', status: 'processing' }), true],
		['that failed', new PredictionError('x', '', { id: 'a', status: 'failed' }), false],
		['whose create broke', errorFromNetwork('https://a.example', 'ECONNRESET', true), true],
		[
			'whose create never left',
			errorFromNetwork('https://a.example', 'ECONNREFUSED', false),
			false,
		],
		['after a 500', errorFromAnswer(500, ''), true],
		['that was refused', errorFromAnswer(422, ''), false],
		['of a wrong input', new InputError('x'), false],
	])('says of one %s whether it may still run', (_which, error, may) => {
		expect(mayStillRun(error)).toBe(may);
	});
});
