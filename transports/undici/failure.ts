import type { ConnectionFailure } from '../../nodes/shared/api/transport';
import { systemCodeOf, systemFailure } from '../systemErrors';

/** undici's own codes, and what they mean. The time limits for a response are not undici's. */
const OWN_CODES: Record<string, string> = {
	UND_ERR_CONNECT_TIMEOUT: 'CONNECT_TIMEOUT',
	UND_ERR_SOCKET: 'ECONNRESET',
	// Only a proxy's consent to a connection is limited so.
	UND_ERR_HEADERS_TIMEOUT: 'PROXY_SILENT',
};

/** What an error of undici's means. */
export function failureOf(error: unknown): ConnectionFailure {
	const { code, syscall } = systemCodeOf(error);
	// undici gives a refused CONNECT the code of an aborted request.
	const isRefused = (error as { message?: string }).message?.includes('HTTP Tunneling');
	return systemFailure(isRefused ? 'PROXY_REFUSED' : (OWN_CODES[code] ?? code), syscall);
}
