import { errorFromNetwork } from '../../../nodes/shared/api/networkError';
import { errorFromResponse } from '../../../nodes/shared/api/responseError';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import type { JobTarget } from '../../../nodes/shared/models/jobKind';
import type { CreateRequest, PredictionsApi } from '../../../nodes/shared/predictions/api';
import { Claims } from '../../../nodes/shared/predictions/claims';
import { VirtualTime } from './virtualTime';

/** What becomes of one create; all in ms after it was sent. */
export interface CreateScript {
	/** When Replicate takes it; `undefined`: never. */
	arrives?: number;
	/** When its connection breaks; `undefined`: the response comes, when the run has ended. */
	breaks?: number;
	/** A response with this status instead, before it arrives. */
	refusedWith?: number;
}

/** What becomes of one cancel: refused by a 503, or followed although its response is lost. */
export type CancelScript = 'ok' | 'unavailable' | 'lost' | 'late';

/** How an account and its service behave. */
export interface Behaviour {
	/** How long a prediction runs, in ms. */
	runMs?: number;
	endsAs?: string;
	/** How long after its creation it is in the list, and how long after it can be read. */
	listLateMs?: number;
	getLateMs?: number;
	/** How long a cancel that was accepted takes to have its effect. */
	cancelLateMs?: number;
	/** Whether nothing names the deployment that runs a prediction. */
	hidesDeployments?: boolean;
	/** What the list has for inputs. */
	listedInput?: 'all' | 'none' | 'missing';
}

/** A run as the fake has it. */
export interface FakeRun {
	id: string;
	/** Whose create it was. */
	creator: string;
	target: JobTarget;
	input: Record<string, unknown>;
	createdAt: number;
	endsAt: number;
	canceledAt?: number;
	/** From `Cancel-After`, as the list shows it. */
	deadline?: string;
	removed?: boolean;
}

const ORIGIN = 'https://api.replicate.com';
/** How exact a window of the list is, in ms: the service's clock is known to a second. */
const WINDOW_SLACK_MS = 2_000;

/** Replicate as one account sees it, in virtual time; what goes wrong is scripted for each caller. */
export class FakeReplicate {
	readonly runs: FakeRun[] = [];
	/** Who has sent how many creates. */
	readonly creates: string[] = [];
	/** Who has asked to cancel what. */
	readonly cancels: Array<{ by: string; id: string }> = [];
	readonly claims = new Claims();

	constructor(
		readonly time: VirtualTime,
		public behaviour: Behaviour = {},
	) {}

	/** The API as one execution uses it. */
	api(by: string, creates: CreateScript[] = [], cancels: CancelScript[] = []): PredictionsApi {
		const { time, claims } = this;
		return {
			claims,
			baseUrl: new URL(`${ORIGIN}/v1`),
			mayCreate: async (signal) => await Promise.resolve(!signal?.aborted),
			throttled: () => undefined,
			create: async (request) => await this.create(by, request, creates.shift() ?? { arrives: 0 }),
			read: async (_kind, id) => {
				await time.sleep(5);
				const run = this.runs.find((one) => one.id === id);
				const { getLateMs = 0 } = this.behaviour;
				if (!run || time.now() < run.createdAt + getLateMs) throw errorFromResponse(404, {}, '');
				return this.json(run);
			},
			list: async (kind, from, to) => {
				await time.sleep(5);
				const { listLateMs = 0, listedInput = 'all' } = this.behaviour;
				return this.runs
					.filter(({ target }) => target.kind.path === kind.path)
					.filter(
						({ createdAt }) =>
							createdAt >= from - WINDOW_SLACK_MS &&
							createdAt <= to + WINDOW_SLACK_MS &&
							time.now() >= createdAt + listLateMs,
					)
					.map((run) => this.json(run))
					.map(({ input, ...json }) => ({
						...json,
						...(listedInput === 'missing' ? {} : { input: listedInput === 'none' ? {} : input }),
					}));
			},
			cancel: async (_kind, id) => await this.cancel(by, id, cancels.shift() ?? 'ok'),
			now: () => time.now(),
			sleep: async (ms, signal) => await time.sleep(ms, signal),
		};
	}

	/** What became of a run by now. */
	statusOf({ endsAt, canceledAt = Infinity }: FakeRun): string {
		if (canceledAt <= this.time.now() && canceledAt < endsAt) return 'canceled';
		return endsAt <= this.time.now() ? (this.behaviour.endsAs ?? 'succeeded') : 'processing';
	}

	/** Creates without anybody's asking, as another process does. */
	arrived(creator: string, { target, input }: Pick<CreateRequest, 'target' | 'input'>): FakeRun {
		const createdAt = this.time.now();
		const id = `run${this.runs.length}of${creator}`;
		const endsAt = createdAt + (this.behaviour.runMs ?? 5_000);
		const run: FakeRun = { id, creator, target, input, createdAt, endsAt };
		this.runs.push(run);
		return run;
	}

	private async create(
		by: string,
		request: CreateRequest,
		{ arrives, breaks, refusedWith }: CreateScript,
	): Promise<Prediction> {
		this.creates.push(by);
		const { time } = this;
		const sentAt = time.now();
		if (refusedWith !== undefined) {
			await time.sleep(5);
			throw errorFromResponse(refusedWith, {}, '');
		}
		const run =
			arrives === undefined ? undefined : time.sleep(arrives).then(() => this.arrived(by, request));
		if (breaks !== undefined || !run) {
			await time.sleep(breaks ?? 60_000);
			throw errorFromNetwork(ORIGIN, 'ECONNRESET', true);
		}
		const created = await run;
		while (this.statusOf(created) === 'processing' && time.now() < sentAt + 60_000) {
			await time.sleep(100);
		}
		return this.json(created);
	}

	private async cancel(by: string, id: string, script: CancelScript): Promise<Prediction> {
		const { time } = this;
		await time.sleep(5);
		this.cancels.push({ by, id });
		if (script === 'unavailable') throw errorFromResponse(503, {}, '');
		const run = this.runs.find((one) => one.id === id);
		if (!run) throw errorFromResponse(404, {}, '');
		const at = time.now() + (script === 'late' ? (this.behaviour.cancelLateMs ?? 3_000) : 0);
		run.canceledAt = Math.min(run.canceledAt ?? Infinity, at);
		if (script === 'lost') throw errorFromNetwork(ORIGIN, 'ECONNRESET', true);
		return this.json(run);
	}

	private json(run: FakeRun): Prediction {
		const { id, target, createdAt, input } = run;
		const status = this.statusOf(run);
		const isName = target.version.includes('/');
		const shown = Object.entries(input).filter(([, value]) => !String(value).startsWith('data:'));
		return {
			id,
			status,
			...(isName ? { model: target.version, version: 'hidden' } : { version: target.version }),
			...(target.deployment && !this.behaviour.hidesDeployments
				? { deployment: target.deployment }
				: {}),
			input: Object.fromEntries(shown) as Prediction['input'],
			output: status === 'succeeded' && !run.removed ? `of ${id}` : null,
			...(run.removed ? { data_removed: true } : {}),
			created_at: new Date(createdAt).toISOString(),
			...(run.deadline === undefined ? {} : { deadline: run.deadline }),
		};
	}
}
