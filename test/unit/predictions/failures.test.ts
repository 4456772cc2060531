import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FAILURES, failureOf } from '../../../nodes/shared/predictions/failures';
import { PREDICTION } from '../../../nodes/shared/models/jobKind';
import { assertSucceeded } from '../../../nodes/shared/predictions/status';
import { FAILURE_ADVICE } from '../../../nodes/fields/advicePhrases';
import { wordsThrownBy } from '../errorWords';

const baseUrl = new URL('https://api.replicate.com/v1');

describe('what a model’s error means', () => {
	// Texts as Replicate and its models have sent them.
	it.each([
		['NSFW content detected. Try running it again, or try a different prompt', /safety check/],
		[
			'The input or output was flagged as sensitive. Please try again with different inputs. (E005) (uIJ6)',
			/safety check/,
		],
		[
			'Service is temporarily unavailable. Please try again later. (E004)',
			/not available right now/,
		],
		[
			'Service is currently unavailable due to high demand. Please try again later. (E003)',
			/limiting/,
		],
		['Director: unexpected error handling prediction (E9828)', /does not know/],
		['Director: unexpected error handling prediction (E6716)', /did not start in time/],
		['CUDA out of memory. Tried to allocate 20.00 MiB', /ran out of memory/],
		['Prediction interrupted; please retry (code: PA)', /interrupted/],
		['Prediction failed: health check failed (E8765)', /health check/],
		['Prediction timed out', /time limit/],
	])('%s', (error, words) => {
		expect(failureOf(error)!.message).toMatch(words);
		const failed = () =>
			assertSucceeded({ id: 'abc', status: 'failed', error }, baseUrl, PREDICTION);
		expect(wordsThrownBy(failed)).toMatchObject({
			message: expect.stringContaining(error),
			description: expect.stringContaining(FAILURE_ADVICE[failureOf(error)!.code]),
		});
	});

	it.each([
		"style 'E003' is not one of the styles",
		'E004 is not a valid voice',
		'seed (E001) must be a number',
		'the prompt mentions high demand, which is not allowed',
		'could not read frame 12: health check failed for GPU 3',
		'the word "prediction interrupted" is not a label',
	])('is the model’s own where a code or its words are inside a sentence: %s', (error) => {
		expect(failureOf(error)).toBeUndefined();
	});

	it('is left in the model’s own words when it is not known', () => {
		expect(failureOf('the image has no face')).toBeUndefined();
		expect(failureOf('E0051 and XE005Y')).toBeUndefined();
	});

	it('hints at another way for files when one could not be read, and only then', () => {
		const failed = (input: object, error: string) => {
			const prediction = { id: 'abc', status: 'failed', error, input: input as never };
			return wordsThrownBy(() => assertSucceeded(prediction, baseUrl, PREDICTION)).description;
		};
		const hint = 'set Options → Send Files As to Data URI (up to 10 MB) or Public URL';
		const uploaded = { image: 'https://api.replicate.com/v1/files/abc' };
		expect(failed(uploaded, 'Failed to load video')).toContain(hint);
		expect(failed({ images: [uploaded.image] }, '401 Client Error')).toContain(hint);
		expect(failed(uploaded, 'the image has no face')).not.toContain(hint);
		expect(failed({ image: 'https://cdn.example/a.png' }, 'Failed to load')).not.toContain(hint);
	});

	it('is in the documentation, each with its advice', () => {
		const root = resolve(__dirname, '../../..');
		const pages = readdirSync(resolve(root, 'docs')).filter((name) => name.endsWith('.md'));
		const files = ['README.md', ...pages.map((name) => `docs/${name}`)];
		const text = files.map((name) => readFileSync(resolve(root, name), 'utf8')).join('\n');
		for (const { message, code } of FAILURES) {
			expect(text).toContain(message);
			expect(text).toContain(FAILURE_ADVICE[code]);
		}
	});
});
