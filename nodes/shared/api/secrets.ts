import { isNested, withoutDepths } from './json';

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

/** What JSON need not write with a backslash, or JSON inside of JSON: a secret may be in it in disguise. */
const DISGUISED = /\\(?:[\\/]|u00[2-9a-f][\da-f])/i;
/** A character by its code; backslashes before it do not matter. */
const BY_CODE = /\\u(00[2-9a-f][\da-f])/gi;

/**
 * A response's text without the secrets that went out with its request, however they are written: JSON
 * has several ways for the same character, so its values are looked at once they are read.
 */
export function withoutSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
	const clean = replaced(text, secrets);
	if (!DISGUISED.test(clean)) return clean;
	let value: unknown;
	try {
		value = withoutDepths(JSON.parse(clean) as unknown);
	} catch {
		return cleaned(clean, secrets);
	}
	return holdsSecret(value, secrets) ? JSON.stringify(cleanedValue(value, secrets)) : clean;
}

function replaced(text: string, secrets: ReadonlyMap<string, string>): string {
	let clean = text;
	for (const [secret, word] of secrets) clean = clean.replaceAll(secret, word);
	return clean;
}

/** A value's text, which may be JSON itself; where a secret is in it in disguise, none of it is left. */
function cleaned(text: string, secrets: ReadonlyMap<string, string>): string {
	const clean = replaced(text, secrets);
	if (!clean.includes('\\')) return clean;
	const bare = withoutBackslashes(
		clean.replace(BY_CODE, (_all, code: string) => String.fromCharCode(parseInt(code, 16))),
	);
	const found = [...secrets].find(([secret]) => bare.includes(withoutBackslashes(secret)));
	return found ? found[1] : clean;
}

function withoutBackslashes(text: string): string {
	return text.replaceAll('\\', '');
}

function holdsSecret(value: unknown, secrets: ReadonlyMap<string, string>): boolean {
	if (typeof value === 'string') return cleaned(value, secrets) !== value;
	if (!isNested(value)) return false;
	return Object.entries(value).some(
		([key, member]) => holdsSecret(key, secrets) || holdsSecret(member, secrets),
	);
}

function cleanedValue(value: unknown, secrets: ReadonlyMap<string, string>): unknown {
	if (typeof value === 'string') return cleaned(value, secrets);
	if (!isNested(value)) return value;
	if (Array.isArray(value)) return value.map((one) => cleanedValue(one, secrets));
	const members = Object.entries(value).map(([key, member]) => [
		cleaned(key, secrets),
		cleanedValue(member, secrets),
	]);
	return Object.fromEntries(members);
}
