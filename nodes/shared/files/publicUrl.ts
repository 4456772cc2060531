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
	const { protocol, hostname, origin } = new URL(signed);
	const isReachable = protocol === 'https:' && isPublicHost(hostname);
	if (isReachable || isLoopbackHost(baseUrl.hostname)) return signed;
	throw new InputError(
		`Replicate cannot fetch the file "${file.name}" from this n8n, because ${origin} is not a public https address`,
		{ code: 'publicUrlPrivate', file: file.name, origin },
	);
}
