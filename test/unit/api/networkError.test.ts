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

	it.each([
		['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not trusted'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not trusted'],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its certificate is not trusted'],
		['CERT_HAS_EXPIRED', 'its certificate has expired'],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host name'],
		['ERR_SSL_WRONG_VERSION_NUMBER', 'no encrypted connection (TLS) could be agreed on'],
		['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'no encrypted connection (TLS) could be agreed on'],
		['TLS_HANDSHAKE', 'no encrypted connection (TLS) could be agreed on'],
	])('says what is wrong with a certificate: %s', (code, words) => {
		const error = errorFromNetwork('https://x', code, false, true);
		expect(error.message).toBe(`Could not get a response from https://x: ${words}`);
		if (words.includes('certificate')) expect(advice(error)).toContain('NODE_EXTRA_CA_CERTS');
	});
});
