import { createHmac } from 'node:crypto';

/** What is answered from now on. */
export interface HostilePlan {
	/** The schema of the model `a/b`, as JSON. */
	schema?: string;
	/** The output of each prediction, as JSON. */
	output?: string;
	/** The body with which each create is refused, and its status. */
	refusal?: { status: number; body: string };
	/** What the stream of each prediction says; it runs until that was read. */
	stream?: string;
}

/** The secret of its account's webhooks. */
export const WEBHOOK_SECRET = `whsec_${Buffer.from('hostile, and known').toString('base64')}`;

/** The headers of a webhook that is signed now. */
export function signedHeaders(id: string, body: string): Record<string, string> {
	const timestamp = String(Math.floor(Date.now() / 1_000));
	const key = Buffer.from(WEBHOOK_SECRET.slice('whsec_'.length), 'base64');
	const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
	return {
		'content-type': 'application/json',
		'webhook-id': id,
		'webhook-timestamp': timestamp,
		'webhook-signature': `v1,${signature}`,
	};
}
