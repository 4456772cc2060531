import { InputError } from '../api/errors';
import { isLoopbackHost, isPublicHost } from '../api/hostNames';
import type { BinaryFile } from './binaryFile';

/**
 * The URL under which Replicate can fetch a file from n8n itself, without a token, for one day.
 *
 * @param baseUrl Replicate's address; one on this machine (sandbox) may fetch from this machine
 * @throws InputError where n8n keeps files in memory, or cannot be reached from outside
 */
export function publicUrl(file: BinaryFile, baseUrl: URL): string {
	const signed = file.signedUrl?.();
	if (signed === undefined || !URL.canParse(signed)) {
		throw new InputError(
			`n8n gives no public URL for the file "${file.name}", because it keeps binary data in memory`,
			{ code: 'publicUrlMissing', file: file.name },
		);
	}
	if (isReachableFrom(signed, baseUrl)) return signed;
	const { origin } = new URL(signed);
	throw new InputError(
		`Replicate cannot fetch the file "${file.name}" from this n8n, because ${origin} is not a public https address`,
		{ code: 'publicUrlPrivate', file: file.name, origin },
	);
}

/** Whether an address of n8n is a public https one, or the sandbox may use one of this machine. */
export function isReachableFrom(address: string, baseUrl: URL): boolean {
	const { protocol, hostname } = new URL(address);
	return (protocol === 'https:' && isPublicHost(hostname)) || isLoopbackHost(baseUrl.hostname);
}
