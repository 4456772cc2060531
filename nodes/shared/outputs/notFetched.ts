/** Every reason for which an output file is left where it is, with its facts. */
interface FactsByReason {
	/** No host that may be asked. */
	unknownHost: { host: string };
	/** Its host redirects to one that may not be asked. */
	redirectedAway: { host: string };
	redirectBroken: object;
	redirectsTooMany: { limit: number };
	/** In words, as whoever blocks it says it. */
	blocked: { reason: string };
	privateNetwork: object;
	/** `encoding` is how its bytes are compressed. */
	compressed: { encoding: string };
	/** `bytes` where its server says how many it has. */
	tooLarge: { limit: number; bytes?: number };
	/** The output has more files than one item takes. */
	tooMany: { limit: number };
}

export type NotFetchedReason = keyof FactsByReason;

/** A file that was left where it is, and why. */
export type NotFetched<R extends NotFetchedReason = NotFetchedReason> = {
	[K in R]: { notFetched: K } & FactsByReason[K];
}[R];

export function isNotFetched(kept: object): kept is NotFetched {
	return 'notFetched' in kept;
}
