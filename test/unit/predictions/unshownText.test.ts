import { unshownText } from '../../../nodes/shared/predictions/unshownText';

describe('what is still to be shown after a preview', () => {
	it.each([
		['', 'the cat', 'the cat'],
		['the c', 'the cat', 'at'],
		['the cat', 'the cat', ''],
		[' the  c', 'the cat', 'at'],
		['the cat\n', 'the cat', ''],
		['the cat', '', ''],
		['the dog', 'the cat', '\n\nthe cat'],
		['the cats', 'the cat', '\n\nthe cat'],
	])('of %j, when the text is %j: %j', (preview, text, rest) => {
		expect(unshownText(preview, text)).toBe(rest);
	});
});
