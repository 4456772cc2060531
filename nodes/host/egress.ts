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
	const { getSecureEgressFilter: get } = helpers as {
		getSecureEgressFilter?: () => EgressFilter | undefined;
	};
	const filter = get?.();
	if (!filter) return undefined;
	return async (url) => {
		const { ok, error } = await filter.validateUrl(url);
		return ok ? undefined : `n8n does not allow it (${error?.message ?? 'egress filter'})`;
	};
}
