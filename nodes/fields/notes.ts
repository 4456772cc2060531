import { place } from './field';
import { maxFileMb, outputHosts } from './output';
import type { NotFetched, NotFetchedReason } from '../shared/outputs/notFetched';

const MAX_SIZE = place(maxFileMb);

const REASONS: { [R in NotFetchedReason]: (left: NotFetched<R>) => string } = {
	unknownHost: ({ host }) =>
		`${host} is not one of Replicate's file hosts. To trust it, add it to ${place(outputHosts)}.`,
	withPassword: () => 'its URL contains a user name or a password',
	withoutTls: () => 'its URL does not start with https://',
	refused: ({ host, status }) => `${host} refused it (HTTP ${status})`,
	notAddress: ({ text }) =>
		`"${text}" is not the address of a file, though the model's page calls it one. What the model returned is in "output".`,
	notBase64: () => 'its data is not valid base64',
	redirectedAway: ({ host }) => `the file's host redirects to ${host}`,
	redirectBroken: () => 'a broken redirect',
	redirectsTooMany: ({ limit }) => `more than ${limit} redirects`,
	blocked: ({ reason }) => reason,
	privateNetwork: () => 'its host is in a private network',
	compressed: ({ encoding }) => `it is compressed as ${encoding}`,
	tooLarge: ({ limit, bytes }) =>
		bytes === undefined
			? `it has more than the ${megabytes(limit)} that ${MAX_SIZE} allows`
			: `it has ${megabytes(bytes)}, and ${MAX_SIZE} allows ${megabytes(limit)}`,
	tooMany: ({ limit }) =>
		`the output names more files, and an item takes at most ${limit}. The URLs of the others are in "output".`,
};

/** Exact to a byte, so that a file that is too large never reads like one that fits. */
function megabytes(bytes: number): string {
	return `${(bytes / 1_000_000).toLocaleString('en', { maximumFractionDigits: 6 })} MB`;
}

/** What an item says of an output file that was left where it is. */
export function noteOf<R extends NotFetchedReason>(left: NotFetched<R>): string {
	return `Not downloaded: ${REASONS[left.notFetched](left)}`;
}
