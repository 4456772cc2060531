import { Readable } from 'node:stream';
import type { HttpRequest, HttpResponse, Transport } from '../../nodes/shared/api/transport';
import { BASE_URL, type Account, type Call, type Reply } from './account';
import type { Chance } from './chance';
import type { Process } from './processes';
import type { VirtualTime } from './time';

/** What goes wrong with one call. `arrives` says whether the service takes it. */
type Fault =
	| { kind: 'none' }
	/** No connection is made. */
	| { kind: 'refused' }
	/** The connection breaks instead of a response; the call may arrive, even after that, in ms. */
	| { kind: 'cut'; arrives: boolean; lateMs?: number }
	/** No response ever comes. */
	| { kind: 'stalled'; arrives: boolean }
	/** Another response comes. */
	| {
			kind: 'instead';
			arrives: boolean;
			status: number;
			body: string;
			headers?: Record<string, string>;
	  };

const ENDS = new Set(['succeeded', 'failed', 'canceled', 'aborted']);

const HTML = '<html><body>Bad gateway</body></html>';

/** The network between the nodes and the account: slow at times, and broken at times. */
export class Network {
	/** What was called, in order, for the story of a history. */
	readonly log: string[] = [];
	/** Creates that one run sent before a 429 of its own allowed it. */
	readonly stormed: string[] = [];
	/** Who was told of the end of which prediction, as "execution id", in time for its request. */
	readonly toldEnds = new Set<string>();
	/** The `Cancel-After` of each create that an execution has sent. */
	readonly limits = new Map<string, Set<string | undefined>>();
	private readonly counts = new Map<string, number>();

	constructor(
		private readonly account: Account,
		private readonly time: VirtualTime,
		private readonly chance: Chance,
		/** How many calls meet a fault, in [0, 1]. */
		private readonly faultRate: number,
	) {}

	/** The way of one execution's calls. */
	transport(process: Process, by: string): Transport {
		// Each try of a run has a transport of its own.
		let closedUntil = 0;
		let closedAt = 0;
		const send = async (request: HttpRequest) => {
			const isCreate = request.method === 'POST' && request.url.pathname.endsWith('/predictions');
			const now = this.time.now();
			// What leaves at the very moment could not know.
			if (isCreate && now > closedAt && now < closedUntil - 1) {
				this.stormed.push(`${by} sent a create before its 429 allowed it`);
			}
			const response = await this.send(by, request);
			if (isCreate && response.status === 429) {
				let body = '';
				for await (const chunk of response.body) body += String(chunk);
				const { retry_after: seconds = 0 } = JSON.parse(body) as { retry_after?: number };
				closedAt = this.time.now();
				closedUntil = Math.max(closedUntil, this.time.now() + seconds * 1_000);
			}
			return response;
		};
		return {
			send: async (request) => await process.get(send(request)),
			failureOf: (error) => {
				const { code = 'ECONNRESET', sent = true } = error as { code?: string; sent?: boolean };
				return { code, sent, permanent: false };
			},
		};
	}

	private async send(by: string, request: HttpRequest): Promise<HttpResponse> {
		const call = await callOf(by, request);
		const route = routeOf(call);
		const key = `${by} ${route}`;
		const count = this.counts.get(key) ?? 0;
		this.counts.set(key, count + 1);
		const name = `${key} ${count}`;
		if (route === 'create') {
			const sent = this.limits.get(by) ?? new Set();
			this.limits.set(by, sent.add(call.headers['cancel-after']));
		}
		const fault = this.fault(name, route);
		if (fault.kind === 'refused') throw broken('ECONNREFUSED', false);
		await this.time.sleep(this.delay(`${name} up`));
		if (fault.kind === 'none') {
			const reply = await this.arrive(call, route, name);
			const [, id, status] = /"id":"([^"]+)".*"status":"([^"]+)"/.exec(reply.body) ?? [];
			if (!request.signal.aborted && ENDS.has(status ?? '')) this.toldEnds.add(`${by} ${id}`);
			return response(reply);
		}
		this.note(`${by} ${route}: ${shown(fault)}`);
		if (fault.arrives) {
			const late = fault.kind === 'cut' ? (fault.lateMs ?? 0) : 0;
			const arriving = this.time.sleep(late).then(async () => await this.arrive(call, route, name));
			// A proxy says that it lost the response when it is there.
			if (fault.kind === 'instead') await arriving;
			else arriving.catch(() => undefined);
		}
		if (fault.kind === 'stalled') return await new Promise<never>(() => undefined);
		if (fault.kind === 'instead') return response({ ...fault, headers: fault.headers ?? {} });
		await this.time.sleep(this.delay(`${name} cut`));
		throw broken('ECONNRESET', true);
	}

	private async arrive(call: Call, route: string, name: string): Promise<Reply> {
		const reply = await this.account.respond(call);
		const [, id = ''] = /"id":"([^"]+)"/.exec(reply.body) ?? [];
		const [, status = ''] = /"status":"([^"]+)"/.exec(reply.body) ?? [];
		this.note(`${call.by} ${route}: ${reply.status} ${id.slice(0, 6)} ${status}`);
		await this.time.sleep(this.delay(`${name} down`));
		const upload = this.account.uploads.get(id);
		if (upload && call.method === 'POST') upload.isAnswered = true;
		return {
			...reply,
			headers: { date: new Date(this.time.now()).toUTCString(), ...reply.headers },
		};
	}

	note(line: string): void {
		this.log.push(`${((this.time.now() % 86_400_000) / 1_000).toFixed(1).padStart(7)} ${line}`);
	}

	/** In ms; most calls are fast. */
	private delay(key: string): number {
		return this.chance.pick(key, [80, 20], [12, 150], [6, 900], [2, 6_000]);
	}

	private fault(name: string, route: string): Fault {
		if (!this.chance.happens(`${name} is broken`, this.faultRate)) return { kind: 'none' };
		const isCreate = route === 'create';
		return this.chance.pick<Fault>(
			`${name} fault`,
			[4, { kind: 'cut', arrives: true }],
			[4, { kind: 'cut', arrives: false }],
			[2, { kind: 'refused' }],
			[2, { kind: 'instead', arrives: false, status: 503, body: '' }],
			[2, { kind: 'instead', arrives: true, status: 502, body: HTML }],
			[2, { kind: 'instead', arrives: true, status: 200, body: '{"id": "brok' }],
			[1, { kind: 'instead', arrives: true, status: 200, body: '{"fine": true}' }],
			[1, { kind: 'stalled', arrives: true }],
			[1, { kind: 'stalled', arrives: false }],
			[
				2,
				{
					kind: 'instead',
					arrives: false,
					status: 429,
					body: '{"detail":"Request was throttled.","retry_after":3}',
				},
			],
			...(isCreate
				? ([
						[2, { kind: 'cut', arrives: true, lateMs: 3_500 }],
						[1, { kind: 'cut', arrives: true, lateMs: 30_000 }],
					] as const)
				: []),
		);
	}
}

/** A request as the account takes it. */
async function callOf(by: string, { method, url, headers, body }: HttpRequest): Promise<Call> {
	const base = new URL(BASE_URL);
	const path = url.href.startsWith(base.href)
		? url.href.slice(base.href.length)
		: url.pathname + url.search;
	if (body === undefined || Buffer.isBuffer(body)) {
		return { method, path, headers, body: body?.toString(), by };
	}
	const chunks: Uint8Array[] = [];
	for await (const chunk of body) chunks.push(chunk);
	const form = Buffer.concat(chunks).toString('latin1');
	const [, name = 'file'] = /filename="([^"]*)"/.exec(form) ?? [];
	const [, contentType = ''] = /content-type: ([^\r]*)/i.exec(form) ?? [];
	const begins = form.indexOf('\r\n\r\n') + 4;
	const bytes = Buffer.from(form.slice(begins, form.indexOf('\r\n--', begins)), 'latin1');
	const noted = form.indexOf('{', form.indexOf('name="metadata"'));
	const isNoted = form.includes('name="metadata"');
	const metadata = isNoted
		? (JSON.parse(form.slice(noted, form.indexOf('\r\n', noted))) as object)
		: {};
	return { method, path, headers, body: { name, contentType, bytes, metadata }, by };
}

/** A call's route in a word. */
function routeOf({ method, path }: Call): string {
	const [, room, id] = path.split(/[/?]/);
	if (room === 'predictions' && method === 'POST')
		return path.endsWith('/cancel') ? 'cancel' : 'create';
	if (room === 'predictions') return /^\/predictions\/\w/.test(path) ? 'read' : 'list';
	if (room === 'files') return id ? 'remove' : method === 'POST' ? 'upload' : 'files';
	return room === 'xezq' ? 'download' : (room ?? '');
}

function broken(code: string, sent: boolean): Error {
	return Object.assign(new Error(code), { code, sent });
}

function shown(fault: Exclude<Fault, { kind: 'none' | 'refused' }>): string {
	const status = fault.kind === 'instead' ? ` ${fault.status}` : '';
	return `${fault.kind}${status}${fault.arrives ? ', arrives' : ', never arrives'}`;
}

function response({ status, headers = {}, body }: Reply): HttpResponse {
	return {
		status,
		headers,
		body: {
			async *[Symbol.asyncIterator]() {
				yield await Promise.resolve(Buffer.from(body));
			},
			discard: () => undefined,
			toStream: (chunks) => Readable.from(chunks, { objectMode: false }),
		},
	};
}
