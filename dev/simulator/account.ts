import { createHash } from 'node:crypto';
import { validBody, validWebhook } from '../sandbox/bodyValidation';
import { Clock } from '../sandbox/clock';
import { CreateLimit } from '../sandbox/createLimit';
import { parseDataUri } from '../sandbox/dataUri';
import { FileStore, type StoredFile } from '../sandbox/fileStore';
import { versionOf, type RunContext } from '../sandbox/models/model';
import { pageOf } from '../sandbox/pages';
import { Predictions, type SandboxPrediction } from '../sandbox/predictions';
import { notFound, Problem } from '../sandbox/problems';
import { Retention } from '../sandbox/retention';
import { Webhooks } from '../sandbox/webhooks';
import { meet, MODELS, type Fate } from './models';
import type { VirtualTime } from './time';

export const BASE_URL = 'https://api.replicate.com/v1';
const DELIVERY = 'https://replicate.delivery';
const OWNER = 'acme';
/** Predictions on a page (Replicate docs). */
const PAGE_SIZE = 100;

/** A request as the service takes it. */
export interface Call {
	method: string;
	/** Without the base URL, with its query. */
	path: string;
	headers: Record<string, string>;
	/** A text, or the only file of a form. */
	body?: string | { name: string; contentType: string; bytes: Buffer; metadata: object };
	/** Whose it is, for the history alone. */
	by: string;
}

export interface Reply {
	status: number;
	headers?: Record<string, string>;
	body: string;
}

/** What became of a prediction, beside what the sandbox knows. */
export interface Told {
	run: SandboxPrediction;
	/** Whose create made it. */
	by: string;
	/** Who asked to cancel it. */
	cancelledBy: string[];
	/** Whether its file was gone when it wanted to read it. */
	missedFile: boolean;
}

/** One account of Replicate's: the sandbox's own core, called without a socket. */
export class Account {
	readonly predictions: Predictions;
	readonly webhooks: Webhooks;
	readonly files: FileStore;
	readonly createLimit: CreateLimit;
	/** Every prediction, in the order of creation. */
	readonly told: Told[] = [];
	/** Who stored each file, and who removed it. */
	readonly uploads = new Map<string, { by: string; removedBy?: string; isAnswered: boolean }>();
	private readonly outputs = new Map<string, Buffer>();

	constructor(
		private readonly time: VirtualTime,
		/** How a new prediction goes. */
		private readonly fateOf: (input: Record<string, unknown>) => Fate & { bootMs: number },
	) {
		const now = () => time.now();
		this.files = new FileStore('', now);
		this.webhooks = new Webhooks((run) => this.predictions.toJson(run, BASE_URL), now);
		this.createLimit = new CreateLimit({ perMinute: 60_000, burst: 10_000 }, new Clock(now));
		const around = {
			files: { fetch: (address: string) => this.read(address) },
			delivery: {
				deliver: async (bytes: Buffer, name: string) => this.deliver(bytes, name),
				remove,
			},
			outputFiles: { remove },
			retention: new Retention(now),
			language: {},
			now,
			onEvent: this.webhooks.notify.bind(this.webhooks),
		};
		this.predictions = new Predictions(around as never, async () => await Promise.resolve());
	}

	/** Takes a request, and gives the response when it is ready. */
	async respond(call: Call): Promise<Reply> {
		return await this.route(call).catch((error: unknown) => {
			const { status, body, headers } = error as Problem;
			return json(status, body, headers);
		});
	}

	private async route(call: Call): Promise<Reply> {
		const { method, path, by } = call;
		const [route = '', query = ''] = path.split('?');
		const [, room = '', id = '', more = ''] = route.split('/');
		if (room === 'account') return json(200, { username: OWNER });
		if (room === 'webhooks') return json(200, { key: this.webhooks.key });
		if (room === 'models') return this.model(`${id}/${more}`);
		if (room === 'files' && method === 'GET') return this.listFiles();
		if (room === 'files' && method === 'POST') return this.store(call);
		if (room === 'files') return await this.remove(id, by);
		if (room === 'xezq') return this.output(route);
		if (method === 'POST' && id === '') return await this.create(call);
		if (method === 'POST') return this.cancel(id, by);
		return id === '' ? this.list(query) : this.get(id);
	}

	private model(name: string): Reply {
		const model = MODELS.find((one) => `${one.owner}/${one.name}` === name);
		if (!model) throw notFound();
		const openapi_schema = { components: { schemas: model.schemas } };
		const latest_version = { id: versionOf(model), openapi_schema };
		return json(200, { owner: model.owner, name: model.name, is_official: true, latest_version });
	}

	private async create({ headers, body, by }: Call): Promise<Reply> {
		this.createLimit.take();
		const asked = validBody(JSON.parse(String(body)), true);
		const model = MODELS.find((one) => `${one.owner}/${one.name}` === asked.version);
		if (!model) throw notFound();
		const input = asked.input as Record<string, unknown>;
		const fate = this.fateOf(input);
		const told: Told = { run: undefined!, by, cancelledBy: [], missedFile: false };
		this.predictions.boot = async (signal) => await this.time.sleep(fate.bootMs, signal);
		told.run = this.predictions.create({
			owner: OWNER,
			model: { ...model, run: async (context) => await this.live(told, fate, context) },
			input,
			effective: input,
			webhook: validWebhook(asked),
			cancelAfterMs: headers['cancel-after'] ? Number(headers['cancel-after']) * 1_000 : undefined,
		});
		this.told.push(told);
		const hold = Number(/^wait=(\d+)$/.exec(headers.prefer ?? '')?.[1] ?? 0);
		if (hold > 0) {
			const timeUp = new AbortController();
			await Promise.race([
				told.run.ended.then(() => timeUp.abort()),
				this.time.sleep(hold * 1_000, timeUp.signal).catch(() => undefined),
			]);
		}
		return json(201, this.predictions.toJson(told.run, BASE_URL));
	}

	private async live(told: Told, fate: Fate, context: RunContext): Promise<unknown> {
		const wait = async () => await this.time.sleep(fate.runMs, context.signal);
		return await meet(fate, context, wait).catch((error: Error) => {
			if (error instanceof FileMissing) told.missedFile = true;
			throw error;
		});
	}

	private cancel(id: string, by: string): Reply {
		const told = this.told.find(({ run }) => run.id === id);
		if (!told) throw notFound();
		told.cancelledBy.push(by);
		this.predictions.cancel(told.run);
		return json(200, this.predictions.toJson(told.run, BASE_URL));
	}

	private get(id: string): Reply {
		const run = this.predictions.visible(id, OWNER);
		if (!run) throw notFound();
		return json(200, this.predictions.toJson(run, BASE_URL));
	}

	private list(query: string): Reply {
		const asked = Object.fromEntries(new URLSearchParams(query));
		const { created_after: after, created_before: before } = asked;
		const matching = this.predictions
			.list(OWNER)
			.filter(({ createdAt }) => !after || createdAt >= Date.parse(after))
			.filter(({ createdAt }) => !before || createdAt < Date.parse(before));
		const page = pageOf(matching, PAGE_SIZE, `${BASE_URL}/predictions`, asked);
		const results = page.results.map((one) => this.predictions.toListed(one, BASE_URL));
		return json(200, { ...page, results });
	}

	private listFiles(): Reply {
		const results = this.files.list(OWNER).map((file) => this.files.toJson(file, BASE_URL));
		return json(200, { previous: null, next: null, results });
	}

	private store({ body, by }: Call): Reply {
		const { name, contentType, bytes, metadata } = body as Exclude<
			Call['body'],
			string | undefined
		>;
		const hash = (kind: string) => createHash(kind).update(bytes).digest('hex');
		const content = { name, contentType, size: bytes.length, path: '', metadata };
		const hashes = { md5: hash('md5'), sha256: hash('sha256') };
		const file: StoredFile = this.files.add({ ...content, ...hashes, owner: OWNER });
		this.uploads.set(file.id, { by, isAnswered: false });
		return json(201, this.files.toJson(file, BASE_URL));
	}

	private async remove(id: string, by: string): Promise<Reply> {
		const file = this.files.get(id, OWNER);
		if (!file) throw notFound();
		await this.files.delete(file);
		this.uploads.get(id)!.removedBy = by;
		return { status: 204, body: '' };
	}

	private async read(address: string): Promise<unknown> {
		if (address.startsWith('data:')) return await Promise.resolve(parseDataUri(address));
		const id = address.split('/').at(-1)!;
		if (!this.files.get(id, OWNER)) throw new FileMissing(address);
		return {};
	}

	private deliver(bytes: Buffer, name: string): string {
		const path = `/xezq/${this.outputs.size}/${name}`;
		this.outputs.set(path, bytes);
		return DELIVERY + path;
	}

	private output(path: string): Reply {
		const bytes = this.outputs.get(path);
		if (!bytes) throw notFound();
		return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(bytes) };
	}
}

/** The model's file was removed before it could read it. */
class FileMissing extends Error {
	constructor(address: string) {
		super(`404 Client Error: Not Found for url: ${address}`);
	}
}

function json(status: number, body: object, headers?: Record<string, string>): Reply {
	return { status, headers, body: JSON.stringify(body) };
}

function remove(): void {
	// Output files of histories are never looked at again.
}
