import { oneLine } from '../../../nodes/shared/api/oneLine';

describe('oneLine', () => {
	it.each([
		['a\r\n\tb', 10, 'a b'],
		['  a  ', 10, 'a'],
		['a\u0000b\u202ec', 10, 'abc'],
		['x'.repeat(10), 10, 'x'.repeat(10)],
		['x'.repeat(11), 10, `${'x'.repeat(9)}…`],
		[`${' '.repeat(30)}abc`, 10, 'abc'],
		[`${' '.repeat(41)}abc`, 10, ''],
	])('%j within %i characters: %j', (text, max, line) => {
		expect(oneLine(text, max)).toBe(line);
	});
});
