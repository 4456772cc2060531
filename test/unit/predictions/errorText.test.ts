import type { Prediction } from '../../../nodes/shared/api/shapes';
import { PREDICTION } from '../../../nodes/shared/models/jobKind';
import { errorText } from '../../../nodes/shared/predictions/errorText';
import { assertSucceeded } from '../../../nodes/shared/predictions/status';
import { wordsThrownBy } from '../errorWords';

const failed = (error: unknown) => ({ id: 'abc', status: 'failed', error }) as Prediction;
const lines = Array.from({ length: 60 }, (_, n) => `  File "/src/predict.py", line ${n}, in run`);
const traceback = [
	'Traceback (most recent call last):',
	...lines,
	'ValueError: the fox is too red',
].join('\n');

describe('a model’s error text', () => {
	it('of a long traceback shows the first line and the last ones, with its reason', () => {
		const text = errorText(failed(traceback))!;
		expect(text).toMatch(
			/^Traceback \(most recent call last\): … File .* ValueError: the fox is too red$/,
		);
		expect(text.length).toBeLessThanOrEqual(1_000);
	});

	it('is whole in the details where it was cut', () => {
		const baseUrl = new URL('https://api.replicate.com/v1');
		const words = wordsThrownBy(() => assertSucceeded(failed(traceback), baseUrl, PREDICTION));
		expect(words.details).toMatchObject({ predictionId: 'abc', error: traceback });
		expect(words.message).toContain('ValueError: the fox is too red');
		const short = wordsThrownBy(() => assertSucceeded(failed('odd'), baseUrl, PREDICTION));
		expect(short.details).not.toHaveProperty('error');
	});

	it('of a vendor’s page is its words', () => {
		const page =
			'<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><p>cloudflare</p></body></html>';
		expect(errorText(failed(page))).toBe('502 Bad Gateway · cloudflare');
	});

	it.each([
		['x'.repeat(5_000), /^x{250} … x+$|^x+…? … x+$/],
		[`${'a'.repeat(2_000)}\nthe reason`, /^a+ … the reason$/],
		[`first\n${'b'.repeat(5_000)}`, /^first … b+…?$/],
	])('of one long line keeps its ends', (error, shown) => {
		const text = errorText(failed(error))!;
		expect(text).toMatch(shown);
		expect(text.length).toBeLessThanOrEqual(1_003);
	});

	it.each([
		[null, undefined],
		['', undefined],
		['a\n b', 'a b'],
		[{ code: 5 }, '{"code":5}'],
	])('of %j is %j', (error, text) => {
		expect(errorText(failed(error))).toBe(text);
	});
});
