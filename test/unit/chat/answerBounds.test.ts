import { AnswerStream } from '../../../nodes/shared/chat/answer';
import { growthOf, MAX_GROWTH } from '../growth';

/** Streams that could be read again with each token, by their number of tokens. */
const STREAMS: Record<string, (tokens: number) => string[]> = {
	'white space': (n) => Array.from({ length: n }, () => ' \n'),
	'thoughts without end': (n) => ['<think>', ...Array.from({ length: n }, () => 'hm ')],
	'thoughts full of what may end them': (n) => [
		'<think>',
		...Array.from({ length: n }, () => '</think'),
	],
	'white space after thoughts': (n) => [
		'<think>x</think>',
		...Array.from({ length: n }, () => ' '),
	],
	'the beginning of thoughts, by letters': (n) => [
		'<',
		't',
		'h',
		...Array.from({ length: n }, () => 'x'),
	],
	'an answer': (n) => Array.from({ length: n }, () => 'word '),
};

describe('an answer that comes in tokens', () => {
	it.each(Object.entries(STREAMS))('is read once: %s', (_what, make) => {
		const read = (tokens: string[]) => {
			const stream = new AnswerStream();
			for (const token of tokens) stream.take(token);
		};
		expect(growthOf(20_000, make, read)).toBeLessThan(MAX_GROWTH);
	});

	it.each([
		'thoughts without end',
		'thoughts full of what may end them',
		'white space after thoughts',
	])('keeps nothing of what is not passed on: %s', (what) => {
		const stream = new AnswerStream();
		for (const token of STREAMS[what]!(10_000)) expect(stream.take(token)).toBe('');
		expect(JSON.stringify(stream).length).toBeLessThan(100);
	});

	it('passes on the white space before an answer, and not that before thoughts', () => {
		const taken = (...parts: string[]) => {
			const stream = new AnswerStream();
			return parts.map((part) => stream.take(part)).join('');
		};
		expect(taken(' ', '\n', ' ', 'Hi', ' you')).toBe(' \n Hi you');
		expect(taken(' ', '\n<th', 'x')).toBe(' \n<thx');
		expect(taken(' ', '\n<th', 'ink', '>a</thi', 'nk> ', '\n', ' Hi', ' ')).toBe('Hi ');
		expect(taken(' \n<', ' think>')).toBe(' \n< think>');
	});
});
