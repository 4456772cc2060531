/** What goes wrong with a request. */
export type Fault =
	/** Another answer than the right one; the request has no effect. */
	| { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
	/** The connection is cut before the request has any effect. */
	| { kind: 'cutBefore' }
	/** The request has its effect, but the connection is cut instead of an answer. */
	| { kind: 'cutAfter' }
	/** No answer comes. */
	| { kind: 'stall' }
	/** The answer's body ends after so many bytes. Delivery origin only. */
	| { kind: 'truncate'; bytes: number };

interface PlannedFault {
	method: string;
	path: RegExp;
	times: number;
	fault: Fault;
}

/** Faults that tests plan for coming requests. */
export class Faults {
	/** Faults by chance: asked for each request that no planned fault is for. */
	byChance?: (method: string, path: string) => Fault | undefined;
	private readonly planned: PlannedFault[] = [];

	/** Plans a fault for the next `times` requests that match. */
	plan(method: string, path: RegExp, fault: Fault, times = 1): void {
		this.planned.push({ method, path, times, fault });
	}

	/** The fault for this request, which is used up by it. */
	take(method: string, path: string): Fault | undefined {
		const planned = this.planned.find(
			(candidate) =>
				candidate.times > 0 && candidate.method === method && candidate.path.test(path),
		);
		if (planned) planned.times -= 1;
		return planned?.fault ?? this.byChance?.(method, path);
	}
}
