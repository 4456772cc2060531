import {
	errorFromAnswer,
	errorFromNetwork,
	oneLine,
	predictionDetails,
} from '../../../nodes/shared/api/errors';
import type { Prediction } from '../../../nodes/shared/api/types';

describe('errorFromAnswer', () => {
	it('lists the invalid fields of a 422 without the word "input"', () => {
		const body = {
			title: 'Input validation failed',
			detail: '- input: prompt is required\n- input.width: Must be less than or equal to 4096\n',
			status: 422,
			invalid_fields: [
				{ type: 'required', field: 'input', description: 'prompt is required' },
				{
					type: 'number_lte',
					field: 'input.width',
					description: 'Must be less than or equal to 4096',
				},
			],
		};
		expect(errorFromAnswer(422, JSON.stringify(body)).message).toBe(
			'Replicate refused the request: prompt is required; width: Must be less than or equal to 4096',
		);
	});

	it.each([
		['<html><body>Bad gateway</body></html>'],
		[''],
		['null'],
		['[]'],
		['{"invalid_fields":"odd"}'],
		['{"detail":{"nested":true}}'],
	])('gives one sentence for the body %j', (body) => {
		const error = errorFromAnswer(502, body);
		expect(error.message).toBe('Replicate is not available right now (HTTP 502)');
		expect(error.description).toBe('Try again in a few minutes; status: replicatestatus.com.');
		expect(error.failure).toEqual({ kind: 'status', status: 502 });
	});

	it.each(['', 'null', '[]', '5', '"text"', '<html>'])('takes no body from %j', (body) => {
		expect(errorFromAnswer(400, body).body).toBeUndefined();
	});

	it('tells the server’s trouble from the request’s, and keeps what is known', () => {
		expect(errorFromAnswer(500, '').message).toBe(
			'Replicate is not available right now (HTTP 500)',
		);
		const refused = errorFromAnswer(418, '{"detail":"teapot"}', 3_000, 'the model "a/b"');
		expect(refused.message).toBe('Replicate refused the request (HTTP 418)');
		expect(refused.description).toBe('Replicate says: teapot');
		expect(refused.failure).toEqual({ kind: 'status', status: 418, hintMs: 3_000 });
		expect(refused.status).toBe(418);
		expect(refused.body).toEqual({ detail: 'teapot' });
	});

	it('repeats what Replicate says of a 422 once only', () => {
		const error = errorFromAnswer(422, '{"detail":"no"}');
		expect(error.message).toBe('Replicate refused the request: no');
		expect(error.description).toBe('Correct the named value and run the workflow again.');
		expect(errorFromAnswer(422, '{}').message).toBe('Replicate refused the request');
		expect(errorFromAnswer(403, '{"detail":"no"}').description).toMatch(
			/^The token .+ belongs to\. Replicate says: no$/,
		);
	});

	it('passes over invalid fields of an odd shape', () => {
		const invalid_fields = [
			null,
			5,
			'x',
			['y'],
			{},
			{ field: 5, description: 'only words' },
			{ field: 'input.input.width', description: 7 },
		];
		expect(errorFromAnswer(422, JSON.stringify({ invalid_fields })).message).toBe(
			'Replicate refused the request: only words; input.width',
		);
		const detail = 'what it says';
		expect(errorFromAnswer(422, JSON.stringify({ detail, invalid_fields: [null] })).message).toBe(
			'Replicate refused the request: what it says',
		);
	});

	it.each([['{"detail":"a\\n b"}'], ['{"error":"a b"}'], ['{"title":"a b"}']])(
		'quotes what Replicate says in %s on one line',
		(body) => {
			expect(errorFromAnswer(402, body).description).toContain('Replicate says: a b');
		},
	);

	it('says what could not be found', () => {
		expect(errorFromAnswer(404, '', undefined, 'the model "a/b"').message).toBe(
			'Replicate could not find the model "a/b"',
		);
	});

	it('cuts a very long text', () => {
		const { description } = errorFromAnswer(400, JSON.stringify({ detail: 'x'.repeat(10_000) }));
		expect(description!.length).toBeLessThan(1_000);
	});
});

describe('errorFromNetwork', () => {
	it('keeps the system code out of the message, where n8n would replace the whole text', () => {
		const error = errorFromNetwork('https://api.replicate.com', 'ECONNREFUSED', false);
		expect(error.message).toBe(
			'Could not get an answer from https://api.replicate.com: the connection was refused',
		);
		expect(error.description).toContain('(ECONNREFUSED)');
		expect(error.failure).toEqual({ kind: 'network', code: 'ECONNREFUSED', sent: false });
		expect(error.status).toBeUndefined();
		expect(errorFromNetwork('https://x', 'EODD', true).message).toBe(
			'Could not get an answer from https://x: the connection broke',
		);
	});
});

describe('predictionDetails', () => {
	it.each<[Partial<Prediction>, object]>([
		[{}, {}],
		[{ urls: {} }, {}],
		[{ urls: { web: 'https://x' } }, { webUrl: 'https://x' }],
		[{ output: null }, {}],
		[{ output: undefined }, {}],
		[{ output: '' }, { output: '' }],
		[{ output: ['https://x'] }, { output: ['https://x'] }],
	])('of %j', (more, details) => {
		const prediction: Prediction = { id: 'a', status: 'succeeded', ...more };
		expect(predictionDetails(prediction)).toStrictEqual({
			predictionId: 'a',
			status: 'succeeded',
			...details,
		});
	});
});

describe('oneLine', () => {
	it.each([
		['a\r\n\tb', 10, 'a b'],
		['  a  ', 10, 'a'],
		['a\u0000b\u202ec', 10, 'abc'],
		['x'.repeat(10), 10, 'x'.repeat(10)],
		['x'.repeat(11), 10, `${'x'.repeat(9)}…`],
		[`${' '.repeat(30)}abc`, 10, 'abc'],
		[`${' '.repeat(41)}abc`, 10, ''],
	])('%j within %i characters: %j', (text, most, line) => {
		expect(oneLine(text, most)).toBe(line);
	});
});
