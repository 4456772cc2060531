import { InputError } from './errors';

/** Further headers of a credential, as n8n keeps them: one entry for each row of the form. */
interface GatewayHeaders {
	values?: Array<{ name?: unknown; value?: unknown }>;
}

/** What a header's name may hold (RFC 9110, section 5.6.2). */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** What a header's value may hold: printable ASCII, with spaces inside. */
const HEADER_VALUE = /^[\x20-\x7e]*$/;
/**
 * Headers that say who asks, where the request goes, how it is sent, or what is wanted in return: never
 * a gateway's own.
 */
const RESERVED =
	/^(?:authorization|host|content-length|content-type|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|accept|accept-encoding|range|if-range|prefer|cancel-after)$/i;

/**
 * The headers that a gateway asks for, by name. The values are secrets: they go to the base URL's
 * origin only. Rows without a name are left out.
 *
 * @throws InputError for a name or a value that no HTTP request can carry; it never quotes a value
 */
export function gatewayHeaders(given: unknown): Record<string, string> {
	const { values = [] } = (given ?? {}) as GatewayHeaders;
	const headers: Record<string, string> = {};
	for (const { name, value } of values) {
		const trimmed = String(name ?? '').trim();
		if (trimmed === '') continue;
		assertName(trimmed);
		const text = String(value ?? '').trim();
		if (!HEADER_VALUE.test(text)) {
			throw new InputError(
				`The value of the header "${trimmed}" of the Replicate credential contains characters that a header cannot have`,
				{ code: 'gatewayHeaderValue' },
			);
		}
		headers[trimmed.toLowerCase()] = text;
	}
	return headers;
}

function assertName(name: string): void {
	if (RESERVED.test(name)) {
		throw new InputError(`The header "${name}" cannot be set in the Replicate credential`, {
			code: 'gatewayHeaderReserved',
		});
	}
	if (!HEADER_NAME.test(name)) {
		throw new InputError(`"${name}" in the Replicate credential is not the name of a header`, {
			code: 'gatewayHeaderName',
		});
	}
}
