/** The official API's address, which responses name even where a gateway passes them on. */
const OFFICIAL = 'https://api.replicate.com/v1';

/**
 * The path of one file (OpenAPI document, `files.get` and `files.download`): an id, with the name of an
 * output file behind it or not, and nothing that a server could read as a way out of /files, whichever
 * server it is and however that is encoded.
 */
const FILE = /^\/files\/[\w-]{1,200}(?:\/download|\/[\w-]{1,200}\.\w{1,10})?$/;

/** A file that the API itself has, for its account only, and what to ask for it with. */
export interface OwnFile {
	/** Under the base URL. */
	url: URL;
	/** With the token: for this address only. */
	headers: Record<string, string>;
}

/**
 * Where an output file of the API's own is fetched, as `https://api.replicate.com/v1/files/…` (seen in
 * responses of 2025); `undefined` for every other address. It is always under the base URL, and never
 * another route than files: a model's author decides what an output says.
 */
export function ownFileUrl(address: URL, baseUrl: URL): URL | undefined {
	if (address.username !== '' || address.password !== '') return undefined;
	const base = withoutSlash(`${baseUrl.origin}${baseUrl.pathname}`);
	const path = `${address.origin}${address.pathname}`;
	const named = [base, OFFICIAL].find((one) => path.startsWith(`${one}/files/`));
	if (named === undefined) return undefined;
	const below = path.slice(named.length);
	if (!FILE.test(below)) return undefined;
	return new URL(`${base}${below}${address.search}`);
}

function withoutSlash(text: string): string {
	return text.endsWith('/') ? text.slice(0, -1) : text;
}
