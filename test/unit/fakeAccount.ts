import type { HttpRequest, HttpResponse, Transport } from '../../nodes/shared/api/transport';
import type { Prediction } from '../../nodes/shared/api/shapes';
import { Webhook } from 'standardwebhooks';

/** The key that the account's webhooks are signed with. */
const SECRET = `whsec_${Buffer.from('the secret of this account').toString('base64')}`;

/** An account of Replicate's behind a transport, so that the node's own client talks to it. */
export class FakeAccount {
	readonly predictions = new Map<string, Prediction>();
	/** `METHOD /path` of each request, without the base URL. */
	readonly requests: string[] = [];
	/** The creates of predictions: their headers and bodies. */
	readonly creates: Array<{ headers: Record<string, string>; body: { input: object } }> = [];
	/** What becomes of a create, which has succeeded at once otherwise. */
	onCreate?: (create: FakeAccount['creates'][number]) => Partial<Prediction>;
	/** What a request gets in place of its response, by `METHOD /path`. */
	readonly failures = new Map<string, number>();
	/** Called with each request before its response. */
	onRequest?: (request: string) => void | Promise<void>;

	/** Adds a prediction that runs. */
	add(id: string, more: Partial<Prediction> = {}): void {
		this.predictions.set(id, { id, status: 'processing', ...more });
	}

	end(id: string, more: Partial<Prediction> = {}): void {
		const { created_at: createdAt } = this.predictions.get(id) ?? {};
		this.add(id, {
			status: 'succeeded',
			output: `of ${id}`,
			created_at: createdAt,
			completed_at: new Date(Date.now()).toISOString(),
			...more,
		});
	}

	/** A callback for a prediction as it is now, signed as Replicate does. */
	callback(id: string, more: Partial<Prediction> = {}, delivery = `msg_${id}`) {
		const text = JSON.stringify({ ...this.predictions.get(id), ...more });
		// Read once: a second may begin while the signature is made.
		const now = Date.now();
		const signature = new Webhook(SECRET).sign(delivery, new Date(now), text);
		return {
			rawBody: Buffer.from(text),
			headers: {
				'webhook-id': delivery,
				'webhook-timestamp': String(Math.floor(now / 1_000)),
				'webhook-signature': signature,
			},
		};
	}

	readonly transport: Transport = {
		send: async (request) => await this.respond(request),
		failureOf: () => ({ code: 'ECONNRESET', sent: true, permanent: false }),
	};

	private async respond({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> {
		const path = url.pathname.replace('/v1', '');
		const request = `${method} ${path}`;
		this.requests.push(request);
		await this.onRequest?.(request);
		const failure = this.failures.get(request);
		if (failure !== undefined) return response(failure, {});
		if (request === 'POST /predictions') return response(201, this.create(headers, String(body)));
		if (path === '/webhooks/default/secret') return response(200, { key: SECRET });
		if (path === '/predictions' || path === '/trainings') return response(200, this.list());
		if (path.startsWith('/files/')) return response(204, {});
		const [, , id = '', action] = path.split('/');
		if (action === 'cancel' && this.predictions.get(id)?.status === 'processing') {
			this.add(id, { status: 'canceled' });
		}
		const prediction = this.predictions.get(id);
		return prediction ? response(200, prediction) : response(404, {});
	}

	private create(headers: Record<string, string>, body: string): Prediction {
		const create = { headers, body: JSON.parse(body) as { input: object } };
		const id = `p${this.creates.push(create)}`;
		this.add(id, { status: 'succeeded', output: `of ${id}`, ...this.onCreate?.(create) });
		return this.predictions.get(id)!;
	}

	private list() {
		return { next: null, results: [...this.predictions.values()].reverse() };
	}
}

function response(status: number, json: object): HttpResponse {
	const text = JSON.stringify(json);
	return {
		status,
		headers: { date: new Date(Date.now()).toUTCString() },
		body: {
			async *[Symbol.asyncIterator]() {
				yield await Promise.resolve(Buffer.from(text));
			},
			discard: () => undefined,
			toStream: () => {
				throw new Error('No file is read here');
			},
		},
	};
}
