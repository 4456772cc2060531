/** Where a request is held. */
export type HoldPoint =
	/** Before the service takes it: nothing has happened yet. */
	| 'arrival'
	/** It has had its effect, and its response is ready to leave. */
	| 'response';

/** A request, as far as tests choose by it. */
export interface HeldRequest {
	method: string;
	/** With its query. */
	path: string;
	/** The parsed JSON, or what the route makes of another body. */
	body: unknown;
}

/** What a test decides about a request that it holds. */
type Verdict = 'go' | 'cut';

/** One held request. */
export class Hold {
	/** Resolves when the request is there, and waits. */
	readonly reached: Promise<HeldRequest>;
	/** What becomes of it, once decided. */
	readonly verdict: Promise<Verdict>;
	private decide!: (verdict: Verdict) => void;
	private reach!: (request: HeldRequest) => void;

	constructor(
		readonly point: HoldPoint,
		private readonly matches: (request: HeldRequest) => boolean,
	) {
		this.reached = new Promise((resolve) => (this.reach = resolve));
		this.verdict = new Promise((resolve) => (this.decide = resolve));
	}

	/** Lets it go on, even when its client has left: so a create arrives late. */
	go(): void {
		this.decide('go');
	}

	/** Breaks its connection: at `arrival` the request is lost, at `response` only the response. */
	cut(): void {
		this.decide('cut');
	}

	/** Tells the test that its request is there, when this is the one. */
	takes(point: HoldPoint, request: HeldRequest): boolean {
		const isIt = point === this.point && this.matches(request);
		if (isIt) this.reach(request);
		return isIt;
	}
}

/** Requests that tests stop on their way, one by one, to choose the order of events. */
export class Holds {
	private waiting: Hold[] = [];
	private readonly held = new Set<Hold>();

	/**
	 * Holds the next request that matches.
	 *
	 * @param matches by default every create of a prediction
	 */
	next(point: HoldPoint, matches: (request: HeldRequest) => boolean = isCreate): Hold {
		const hold = new Hold(point, matches);
		this.waiting.push(hold);
		return hold;
	}

	/** Called for each request at each point; waits when a test holds it. */
	async pass(point: HoldPoint, request: HeldRequest): Promise<Verdict> {
		const hold = this.waiting.find((one) => one.takes(point, request));
		if (!hold) return 'go';
		this.waiting = this.waiting.filter((one) => one !== hold);
		this.held.add(hold);
		const verdict = await hold.verdict;
		this.held.delete(hold);
		return verdict;
	}

	/** Holds nothing more, and breaks what is held. */
	forget(): void {
		this.waiting = [];
		for (const hold of this.held) hold.cut();
	}
}

/** Whether a request creates a prediction, in whichever of its forms. */
export function isCreate({ method, path }: HeldRequest): boolean {
	return method === 'POST' && /\/predictions(?:\?|$)/.test(path);
}
