import { stage, type SendWebhook } from '../stage';

/** undici's `request`, as far as the sandbox's core sends webhooks with it. */
export async function request(url: string, options: Parameters<SendWebhook>[1]) {
	const statusCode = await stage.sendWebhook(url, options);
	return { statusCode, headers: {}, body: { dump: async () => await Promise.resolve() } };
}
