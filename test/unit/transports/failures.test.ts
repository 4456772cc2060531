import { failureOf } from '../../../transports/undici/failure';

const named = (code: string, more = {}) => Object.assign(new Error('x'), { code, ...more });

/** What the codes of undici and of Node mean: whether a paid request may be sent once more. */
describe('a failed connection', () => {
	it.each([
		['a refused connection', named('ECONNREFUSED')],
		['an unknown host', named('ENOTFOUND')],
		['a silent name server', named('EAI_AGAIN')],
		['no route while connecting', named('EHOSTUNREACH', { syscall: 'connect' })],
		[
			'no route to any of a name’s addresses',
			named('ENETUNREACH', { errors: [{ syscall: 'connect' }] }),
		],
		['a connect time-out of undici', named('UND_ERR_CONNECT_TIMEOUT')],
		['a connect time-out of the system', named('ETIMEDOUT', { syscall: 'connect' })],
		[
			'a proxy’s refusal',
			named('UND_ERR_ABORTED', { message: 'Proxy response (403) !== 200 when HTTP Tunneling' }),
		],
		[
			'an error that another caused',
			Object.assign(new Error('x'), { cause: named('ECONNREFUSED') }),
		],
	])('of %s certainly sent nothing, and may pass', (_what, error) => {
		expect(failureOf(error)).toMatchObject({ sent: false, permanent: false });
	});

	it.each([
		'CERT_HAS_EXPIRED',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'ERR_TLS_CERT_ALTNAME_INVALID',
		'ERR_SSL_WRONG_VERSION_NUMBER',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'PRIVATE_ADDRESS',
	])('of %s sent nothing, and does not pass', (code) => {
		expect(failureOf(named(code))).toEqual({ code, sent: false, permanent: true });
	});

	it.each([
		['a cut connection', named('ECONNRESET')],
		['a socket that undici lost', named('UND_ERR_SOCKET')],
		['no route after connecting', named('EHOSTUNREACH', { syscall: 'read' })],
		['a time-out after connecting', named('ETIMEDOUT', { syscall: 'read' })],
		['a broken TLS record', named('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC')],
		['an error without a code', new Error('other side closed')],
	])('of %s may have sent everything', (_what, error) => {
		expect(failureOf(error)).toMatchObject({ sent: true, permanent: false });
	});

	it('is never told by a code of undici’s', () => {
		for (const code of ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET']) {
			expect(failureOf(named(code)).code).not.toMatch(/UND/);
		}
	});
});
