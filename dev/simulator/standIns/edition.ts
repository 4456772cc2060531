import type { Transport } from '../../../nodes/shared/api/transport';

/** The package's edition in a history: the transport is what n8n's helpers bring. */
export const openTransport = (helpers: object): Transport =>
	(helpers as { transport: Transport }).transport;
