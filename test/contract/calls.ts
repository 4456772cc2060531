import type { Sandbox } from '../../dev/sandbox/server';

/** A response's JSON: the members that tests read one by one. */
export interface Json {
	id: string;
	status: string | number;
	created_at: string;
	detail: string;
	output: unknown;
	urls: { get: string; cancel: string; stream?: string };
	retry_after: number;
	results: Json[];
	next: string | null;
	[member: string]: unknown;
}

export interface CallOptions {
	body?: unknown;
	headers?: Record<string, string>;
	/** By default the sandbox's own. */
	token?: string;
	signal?: AbortSignal;
}

/** A response with its parsed body, or none when the connection broke. */
export interface Called {
	status?: number;
	headers?: Headers;
	json?: Json;
}

/** Plain requests to a sandbox, as any client may send them. */
export function callsTo(sandbox: Sandbox) {
	const call = async (method: string, path: string, options: CallOptions = {}): Promise<Called> => {
		const { body, headers, token = sandbox.token, signal } = options;
		try {
			const response = await fetch(`${sandbox.baseUrl}${path}`, {
				method,
				signal,
				headers: {
					authorization: `Bearer ${token}`,
					...(body === undefined ? {} : { 'content-type': 'application/json' }),
					...headers,
				},
				body: body === undefined ? undefined : JSON.stringify(body),
			});
			const text = await response.text();
			const json = /json/.test(response.headers.get('content-type') ?? '')
				? (JSON.parse(text) as Json)
				: undefined;
			return { status: response.status, headers: response.headers, json };
		} catch {
			return {};
		}
	};
	const create = async (version: string, input: object, options: CallOptions = {}) =>
		await call('POST', '/predictions', { ...options, body: { version, input } });
	return {
		call,
		create,
		/** Creates a prediction and waits for its end. */
		run: async (version: string, input: object) =>
			(await create(version, input, { headers: { prefer: 'wait' } })).json!,
		get: async (id: string) => await call('GET', `/predictions/${id}`),
		list: async () => (await call('GET', '/predictions')).json!.results,
		cancel: async (id: string) => await call('POST', `/predictions/${id}/cancel`),
	};
}
