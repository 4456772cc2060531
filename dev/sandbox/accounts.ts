import { unauthenticated } from './problems';

/** The token that the sandbox accepts unless its options name others. */
export const SANDBOX_TOKEN = 'r8_sandbox';

/** The accounts by their tokens. */
export class Accounts {
	/** @param tokens username by token */
	constructor(private readonly tokens: Record<string, string>) {}

	/**
	 * The user of an `Authorization` header, `Bearer` or the older `Token`.
	 *
	 * @throws Problem 401
	 */
	username(authorization: string | undefined): string {
		const token = /^(?:Bearer|Token) (.+)$/.exec(authorization ?? '')?.[1];
		if (token === undefined || !Object.hasOwn(this.tokens, token)) throw unauthenticated();
		return this.tokens[token]!;
	}
}
