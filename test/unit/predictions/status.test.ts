import { assertSucceeded, isPending } from '../../../nodes/shared/predictions/status';

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
});
