import { InputError } from '../shared/api/errors';
import { errorFromNetwork } from '../shared/api/networkError';
import type { DownloadOptions } from '../shared/outputs/request';

/** The part of n8n's egress filter that checks an address before a request (n8n 2.28 and newer). */
interface EgressFilter {
	validateUrl(url: URL): Promise<{ ok: boolean; error?: Error }>;
}

/**
 * n8n's own rule for addresses that a model's output names, where this n8n has one.
 *
 * @param helpers n8n's helpers of a node
 */
export function egressBlockReason(helpers: object): DownloadOptions['blockReason'] {
	const filter = filterOf(helpers);
	if (!filter) return undefined;
	return async (url) => {
		const reason = await reasonFor(filter, url);
		return reason && `n8n does not allow it (${reason})`;
	};
}

/**
 * Asks n8n's own rule, where it has one, for Replicate's address: a builder chooses the base URL, and
 * n8n's operator what may be reached.
 *
 * @throws InputError when n8n does not allow it
 * @throws ApiError when its name cannot be looked up
 */
export async function assertEgress(helpers: object, { href, origin }: URL): Promise<void> {
	const filter = filterOf(helpers);
	const reason = filter && (await reasonFor(filter, new URL(href)));
	if (reason === undefined) return;
	throw new InputError(
		`n8n does not allow requests to the base URL of the Replicate credential (${origin})`,
		{ code: 'baseUrlBlocked', reason },
	);
}

function filterOf(helpers: object): EgressFilter | undefined {
	const { getSecureEgressFilter: get } = helpers as {
		getSecureEgressFilter?: () => EgressFilter | undefined;
	};
	return get?.();
}

async function reasonFor(filter: EgressFilter, url: URL): Promise<string | undefined> {
	// It looks the name up, and throws what the system says.
	const { ok, error } = await filter.validateUrl(url).catch((failure: { code?: unknown }) => {
		throw errorFromNetwork(url.origin, String(failure.code ?? 'ENOTFOUND'), false);
	});
	return ok ? undefined : (error?.message ?? 'egress filter');
}
