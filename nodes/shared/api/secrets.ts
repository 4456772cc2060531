/** Shorter ones, such as a gateway's own "x", would be found in any text. Replicate's tokens have 40. */
const SHORTEST = 8;

/**
 * What a credential keeps secret, each with what replaces it. Of a header such as "Bearer abc" also
 * the part behind its scheme.
 *
 * @param values of the headers for a gateway
 */
export function secretsOf(token: string, values: string[]): Map<string, string> {
	const parts = values.flatMap((value) => [value, value.replace(/^\w+ +/, '')]);
	const secrets = [
		[token, '[API token]'] as const,
		...parts.map((part) => [part, '[gateway header]'] as const),
	];
	// A response in JSON holds quotes inside a secret in another way.
	const all = secrets
		.filter(([secret]) => secret.length >= SHORTEST)
		.flatMap(([secret, word]) =>
			[secret, JSON.stringify(secret).slice(1, -1)].map((one) => [one, word] as const),
		);
	// The longest first, because one may hold another.
	return new Map(all.sort(([one], [other]) => other.length - one.length));
}

/** A response's text without the secrets that went out with its request. */
export function withoutSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
	let clean = text;
	for (const [secret, word] of secrets) clean = clean.replaceAll(secret, word);
	return clean;
}
