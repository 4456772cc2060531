import { advice } from '../../../nodes/fields/advice';
import { isTooLarge, tooLarge } from '../../../nodes/shared/api/tooLarge';

describe('the error of a response that is too large', () => {
	it.each([
		['{"id":"abc-1","output":[1,2', 'abc-1'],
		[' {\n "model": "a/b", "id" : "abc", "input": {', 'abc'],
	])('has the id from %s', (beginning, id) => {
		expect(tooLarge('https://x', beginning).body).toEqual({ id });
	});

	it.each(['{"input":{"id":"abc"},', '[{"id":"abc"}', '{"output":[{"id":"abc"}', '', '{"id":7'])(
		'has no id of something else: %s',
		(beginning) => {
			expect(tooLarge('https://x', beginning).body).toBeUndefined();
		},
	);

	it('is not tried again, and says what helps', () => {
		const error = tooLarge('https://x', '');
		expect(error.failure).toMatchObject({ sent: true, permanent: true });
		expect(error.message).toBe(
			'Could not get a response from https://x: the response is too large to be read',
		);
		expect(advice(error)).toBe('Ask for fewer entries at a time: lower the Limit.');
		expect([isTooLarge(error), isTooLarge(new Error('x'))]).toEqual([true, false]);
	});
});
