import { errorFromAnswer, errorFromNetwork } from '../../../nodes/shared/api/errors';

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
		expect(error.description).not.toMatch(/<|undefined|\[object/);
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
	});
});
