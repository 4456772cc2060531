import { PRIVATE_ADDRESS, type ConnectionFailure } from '../../nodes/shared/api/transport';
import { systemCodeOf, systemFailure } from '../systemErrors';

/**
 * What an error of n8n's helper means. What it does not tell apart counts as "may have been sent": a
 * proxy's refusal comes as a response, a slow connection and a slow server as one time-out.
 */
export function failureOf(error: unknown): ConnectionFailure {
	if (isBlocked(error)) return { code: PRIVATE_ADDRESS, sent: false, permanent: true };
	const { code, syscall } = systemCodeOf(error);
	return systemFailure(code, syscall);
}

/** n8n's own guard of addresses, where the operator has switched it on; the helper may wrap its error. */
function isBlocked(error: unknown): boolean {
	const { name, cause } = error as { name?: string; cause?: { name?: string } };
	return [name, cause?.name].some((one) => one?.startsWith('SsrfBlocked'));
}
