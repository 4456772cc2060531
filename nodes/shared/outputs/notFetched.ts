/** Every reason for which an output file is left where it is, with its facts. */
interface FactsByReason {
	/** Its host is not one that files may be fetched from. */
	unknownHost: { host: string };
	/** Its address holds a user name or a password. */
	withPassword: object;
	withoutTls: object;
	/** Its host wants credentials that it does not get, or does not have it. */
	refused: { host: string; status: number };
	/** The model calls it a file, and it is no address; `text` is its beginning. */
	notAddress: { text: string };
	/** A data URI whose base64 is broken. */
	notBase64: object;
	/** Its host redirects to one that is not allowed. */
	redirectedAway: { host: string };
	redirectBroken: object;
	redirectsTooMany: { limit: number };
	/** By a rule of n8n's; the reason is in its words. */
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
