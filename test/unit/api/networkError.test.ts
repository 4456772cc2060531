import { advice } from '../../../nodes/fields/advice';
import { errorFromNetwork } from '../../../nodes/shared/api/networkError';

describe('errorFromNetwork', () => {
	it('keeps the system code out of the message, where n8n would replace the whole text', () => {
		const error = errorFromNetwork('https://api.replicate.com', 'ECONNREFUSED', false);
		expect(error.message).toBe(
			'Could not get a response from https://api.replicate.com: the connection was refused',
		);
		expect(advice(error)).toContain('(ECONNREFUSED)');
		expect(error.failure).toEqual({
			kind: 'network',
			code: 'ECONNREFUSED',
			sent: false,
			permanent: false,
		});
		expect(error.status).toBeUndefined();
		expect(errorFromNetwork('https://x', 'EODD', true).message).toBe(
			'Could not get a response from https://x: the connection broke',
		);
	});
});
