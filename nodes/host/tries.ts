import type { INode } from 'n8n-workflow';

/** How often n8n tries a node with Retry On Fail: 2 to 5 times, 3 where nothing is set. */
const TRIES = { min: 2, max: 5, default: 3 };

/** How often n8n runs a node in all while it fails. */
export function triesOf({
	retryOnFail,
	maxTries,
}: Pick<INode, 'retryOnFail' | 'maxTries'>): number {
	if (!retryOnFail) return 1;
	// n8n takes 0 for "not set".
	return Math.min(Math.max(maxTries || TRIES.default, TRIES.min), TRIES.max);
}
