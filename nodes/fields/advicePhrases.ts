import type { FailureCode, ErrorFacts, Expected } from '../shared/api/errorFacts';
import { isUntrusted, TOO_LARGE } from '../shared/api/networkError';

/** How many predictions an error names; its details have all. */
const MAX_NAMED = 10;

export const UNREADABLE_FILE =
	'Perhaps this model cannot read uploaded files: set Options → Send Files As to Data URI (up to 10 MB) or Public URL, or give the input a public URL.';

/** Advice with what Replicate says of it. */
export function quoting(advice: string): (facts: { said?: string }) => string {
	return ({ said }) => sentences(advice, said && `Replicate says: ${said}`);
}

/** The sentences that there are, in one text. */
export function sentences(...parts: Array<string | false | undefined>): string {
	return parts.filter(Boolean).join(' ');
}

/** What to do where no usable response came, by its reason. */
export function howToConnect(reason: string): string {
	if (reason === TOO_LARGE) return 'Ask for fewer entries at a time: lower the Limit.';
	if (isUntrusted(reason)) {
		return `If your own proxy or gateway signs certificates, NODE_EXTRA_CA_CERTS makes n8n trust it. Otherwise, check the credential's base URL. (${reason})`;
	}
	return `Check the network, the proxy settings and the credential's base URL, then try again. (${reason})`;
}

/** As the node's resource and operation are called. */
export function getOf(noun: string): string {
	return `${titled(noun)} → Get`;
}

/** A noun as a title, as resources are called. */
export function titled(noun: string): string {
	return noun[0]!.toUpperCase() + noun.slice(1);
}

/** The first ids, and how many more there are. */
export function named(ids: string[]): string {
	const more = ids.length > MAX_NAMED ? ` and ${ids.length - MAX_NAMED} more` : '';
	return ids.slice(0, MAX_NAMED).join(', ') + more;
}

/** The item’s binary fields. */
export function carried(binaryFields: string[], whose: string): string {
	if (binaryFields.length === 0) return 'The item carries no files.';
	return `${whose} binary fields: ${binaryFields.join(', ')}.`;
}

/** How to write what an input takes; empty where the message says it. */
export function howToWrite(expected: Expected): string {
	switch (expected.type) {
		case 'number':
			return expected.range ? `Allowed: ${expected.range}.` : '';
		case 'choice':
			return expected.near ? `Did you mean "${expected.near}"?` : '';
		case 'object':
			return 'Write it like { "key": "value" }.';
		case 'json':
			return 'Write a list like ["one", "two"] and an object like { "key": "value" }.';
		default:
			return '';
	}
}

export function whoEndedIt({
	noun,
	id,
	reason,
}: ErrorFacts<'runCancelled' | 'runAborted'>): string {
	return sentences(
		`${titled(noun)} ${id}.`,
		reason,
		'Somebody cancelled it, or it reached its time limit.',
	);
}

export function howToWaitLonger({
	noun,
	id,
	progress,
}: ErrorFacts<'timeUpCancelled' | 'timeUpCancelUnconfirmed'>): string {
	return sentences(
		`${titled(noun)} ${id}. To wait longer, raise Options → Timeout; to keep it running, set Options → When Time Is Up to Leave It Running.`,
		progress && `So far: ${progress}.`,
	);
}

/** What to do about a model's failure. */
export const FAILURE_ADVICE: Record<FailureCode, string> = {
	safetyCheck: 'Change the prompt or the image, or try another seed. The check can be wrong.',
	vendorNoCredit: 'This is not about your account. Try again later, or choose another model.',
	vendorKeyRefused: 'This is not about your account. Try again later, or choose another model.',
	vendorThrottled: 'Wait a minute and run this item again; lower Options → Concurrency.',
	vendorUnavailable: 'Run this item again in a few minutes.',
	outOfMemory: 'Make the input smaller: fewer pixels, seconds, outputs or tokens.',
	startTimedOut: 'It had to be started first, and that took too long. Run this item again.',
	healthCheckFailed: 'Run this item again in a minute.',
	stoppedWhileRunning: 'Somebody cancelled it, or its machine was shut down. Run this item again.',
	notStarted: 'Check the inputs against the model’s page, then run this item again.',
	outputNotStored: 'Run this item again.',
	interrupted:
		'Run this item again. If it happens again, the data URIs may be too large: set Options → Send Files As to Upload.',
	modelTimedOut: 'Make the input smaller. Replicate ends predictions after 30 minutes.',
	unknownToReplicate:
		'Run this item again once. If it happens again, change the input or choose another model.',
};
