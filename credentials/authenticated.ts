import { wordsOf } from '../nodes/fields/advice';
import { parseBaseUrl, parseToken } from '../nodes/shared/api/credential';
import { gatewayHeaders } from '../nodes/shared/api/gatewayHeaders';

/** A request as n8n hands it to a credential; `baseURL` is there if n8n is to put it before `url`. */
interface UnsentRequest {
	url?: string;
	/** The name of `url` in n8n's older requests. */
	uri?: string;
	baseURL?: string;
	headers?: object;
}

/**
 * A request that n8n itself sends, with the credential in its headers: the credential's test, and
 * HTTP Request nodes that use this credential. Neither the token nor a gateway's headers go to
 * another origin than the base URL's.
 *
 * @throws Error for a credential that cannot be used, and for an address of another origin. All
 * is in its message, since n8n shows nothing else there.
 */
export function authenticated<T extends UnsentRequest>(
	credential: Record<string, unknown>,
	request: T,
): T {
	const { baseUrl, token, gateway } = read(credential);
	const address = addressOf(request, baseUrl);
	if (address.origin !== baseUrl.origin) {
		throw new Error(
			`The Replicate credential is sent to its base URL only (${baseUrl.origin}), and not to ${address.origin}`,
		);
	}
	return {
		...request,
		...(request.baseURL === undefined ? {} : { baseURL: baseUrl.href }),
		headers: { ...request.headers, ...gateway, Authorization: `Bearer ${token}` },
	};
}

function read({ apiToken, baseUrl, headers }: Record<string, unknown>) {
	try {
		return {
			baseUrl: parseBaseUrl(baseUrl),
			token: parseToken(apiToken),
			gateway: gatewayHeaders(headers),
		};
	} catch (error) {
		throw refused(error);
	}
}

/** The error with its advice in its message; n8n shows an error's code in place of it. */
function refused(error: unknown): Error {
	const { message, description } = wordsOf(error);
	return new Error([message, description].filter(Boolean).join('. '));
}

/** Where a request goes, as n8n's HTTP client reads it: a complete address passes over `baseURL`. */
function addressOf({ url, uri, baseURL }: UnsentRequest, baseUrl: URL): URL {
	const given = url ?? uri ?? '';
	const isComplete = /^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(given);
	const text = baseURL === undefined || isComplete ? given : `${baseUrl.href}/${given}`;
	if (!URL.canParse(text)) throw new Error(`"${given}" is not a web address`);
	return new URL(text);
}
