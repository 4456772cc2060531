/** What goes wrong with a request. */
export type Fault =
	/** Another answer than the right one; the request has no effect. */
	| { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
	/** The connection is cut before the request has any effect. */
	| { kind: 'cutBefore' }
	/** The request has its effect, but the connection is cut instead of an answer. */
	| { kind: 'cutAfter' }
	/** The request has its effect, but another response comes, such as a proxy's 502. */
	| { kind: 'answerInstead'; status: number; body?: string }
	/** No answer comes. */
	| { kind: 'stall' }
	/** The answer is right, and then nothing listens for so many ms: connections are refused. */
	| { kind: 'refuseNext'; ms: number }
	| SpoiltAnswer;

/** The request has its effect, but its answer is spoilt on the way. */
export type SpoiltAnswer =
	/** The body ends after so many bytes, and the connection with it; by default in its middle. */
	| { kind: 'truncate'; bytes?: number }
	/** Half of the text, sent as if it were all. */
	| { kind: 'half' }
	/** Announced are so many bytes more than come, or fewer; what is to come never does. */
	| { kind: 'wrongLength'; by: number }
	/** The right body in so many pieces, with a pause in ms after each; `endless` never ends. */
	| { kind: 'drip'; pieces: number; ms: number; endless?: boolean };

export function isSpoilt(fault: Fault | undefined): fault is SpoiltAnswer {
	return ['truncate', 'half', 'wrongLength', 'drip'].includes(fault?.kind ?? '');
}

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

	/** Forgets all that was planned. */
	forget(): void {
		this.planned.length = 0;
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
