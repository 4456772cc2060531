import { advice } from '../../../nodes/fields/advice';
import { errorFromResponse } from '../../../nodes/shared/api/responseError';

describe('errorFromResponse', () => {
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
		expect(errorFromResponse(422, {}, JSON.stringify(body)).message).toBe(
			'Replicate refused the request: prompt is required; width: Must be less than or equal to 4096',
		);
	});

	it.each([[''], ['null'], ['[]'], ['{"invalid_fields":"odd"}'], ['{"detail":{"nested":true}}']])(
		'gives one sentence for the body %j',
		(body) => {
			const error = errorFromResponse(502, {}, body);
			expect(error.message).toBe('Replicate is not available right now (HTTP 502)');
			expect(advice(error)).toBe('Try again in a few minutes; status: replicatestatus.com.');
			expect(error.failure).toEqual({ kind: 'status', status: 502 });
		},
	);

	it.each(['', 'null', '[]', '5', '"text"', '<html>'])('takes no body from %j', (body) => {
		expect(errorFromResponse(400, {}, body).body).toBeUndefined();
	});

	it('tells the server’s trouble from the request’s, and keeps what is known', () => {
		expect(errorFromResponse(500, {}, '').message).toBe(
			'Replicate is not available right now (HTTP 500)',
		);
		const refused = errorFromResponse(418, { 'retry-after': '3' }, '{"detail":"teapot"}', {
			what: 'the model "a/b"',
		});
		expect(refused.message).toBe('Replicate refused the request (HTTP 418)');
		expect(advice(refused)).toBe('Replicate says: teapot');
		expect(refused.failure).toEqual({ kind: 'status', status: 418, hintMs: 3_000 });
		expect(refused.status).toBe(418);
		expect(refused.body).toEqual({ detail: 'teapot' });
	});

	it('repeats what Replicate says of a 422 once only', () => {
		const error = errorFromResponse(422, {}, '{"detail":"no"}');
		expect(error.message).toBe('Replicate refused the request: no');
		expect(advice(error)).toBe(
			'Compare the inputs with the API page of the model, then run the workflow again.',
		);
		expect(errorFromResponse(422, {}, '{}').message).toBe('Replicate refused the request');
		expect(advice(errorFromResponse(403, {}, '{"detail":"no"}'))).toMatch(
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
		expect(errorFromResponse(422, {}, JSON.stringify({ invalid_fields })).message).toBe(
			'Replicate refused the request: only words; input.width',
		);
		const detail = 'what it says';
		expect(
			errorFromResponse(422, {}, JSON.stringify({ detail, invalid_fields: [null] })).message,
		).toBe('Replicate refused the request: what it says');
	});

	it.each([['{"detail":"a\\n b"}'], ['{"error":"a b"}'], ['{"title":"a b"}']])(
		'quotes what Replicate says in %s on one line',
		(body) => {
			expect(advice(errorFromResponse(402, {}, body))).toContain('Replicate says: a b');
		},
	);

	it('says what could not be found', () => {
		expect(errorFromResponse(404, {}, '', { what: 'the model "a/b"' }).message).toBe(
			'Replicate could not find the model "a/b"',
		);
	});

	it('cuts a very long text', () => {
		const error = errorFromResponse(400, {}, JSON.stringify({ detail: 'x'.repeat(10_000) }));
		expect(advice(error).length).toBeLessThan(1_000);
	});
});
