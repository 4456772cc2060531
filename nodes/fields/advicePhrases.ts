import type { FailureCode, ErrorFacts, Expected, Likeness } from '../shared/api/errorFacts';
import { isUntrusted, TOO_LARGE } from '../shared/api/networkError';
import { target } from './target';
import { onTimeout } from './waiting';

/** How many predictions an error names; its details have all. */
const MAX_NAMED = 10;

export const UNREADABLE_FILE =
	'Perhaps this model cannot read uploaded files: set Options → Send Files As to Data URI (up to 10 MB) or Public URL, or give the input a public URL.';

/** Advice with what the server says of it. */
export function quoting(
	advice: string,
): (facts: { said?: string; isGateways?: boolean }) => string {
	return ({ said, isGateways = false }) =>
		sentences(advice, said && `${isGateways ? 'The response' : 'Replicate'} says: ${said}`);
}

/** Advice that differs where a gateway or a proxy between n8n and Replicate refused the request. */
export function quotingEither(
	advice: string,
	ofGateway: string,
): (facts: { said?: string; isGateways?: boolean }) => string {
	return (facts) => quoting(facts.isGateways ? ofGateway : advice)(facts);
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

/** What n8n's binary data is made of, for those who make it themselves. */
export const BINARY_DATA =
	'n8n’s binary data is an object under the field’s name: { "data": { "data": "<base64>", "mimeType": "image/png", "fileName": "photo.png" } }. In a Code node, use this.helpers.prepareBinaryData().';

/** What to do about a value that is no file, by what it looks like. */
export const LIKENESS_ADVICE: Record<Likeness, string> = {
	base64: 'It looks like base64: write data:image/png;base64, with the file’s own type before it.',
	expression: 'It looks like an expression: set the field to Expression, or write the name alone.',
	object: '',
	path: 'It looks like a path: Replicate cannot see the disk of n8n. Load the file with Read/Write Files from Disk.',
	webAddress: 'It looks like a web address: write https:// before it.',
};

/** What to do with the address of a page that is not a model's. */
export const PAGE_ADVICE: Record<string, string> = {
	collection: 'Open the collection and choose one of its models.',
	deployment: `To run a deployment, set ${target.label} to ${target.nameOf('deployment')}.`,
	prediction: 'To read a prediction and its files, use Prediction → Get.',
	training: 'To read a training, use Training → Get.',
};

/**
 * The item’s binary fields.
 *
 * @param broken names of fields that hold something else than n8n's binary data
 */
export function carried(binaryFields: string[], whose: string, broken: string[] = []): string {
	return sentences(
		binaryFields.length === 0
			? 'The item carries no files.'
			: `${whose} binary fields: ${binaryFields.join(', ')}.`,
		broken.length > 0 && `Not a file: ${broken.join(', ')}. ${BINARY_DATA}`,
	);
}

/** How to write what an input takes; empty where the message says it. */
export function howToWrite(expected: Expected): string {
	switch (expected.type) {
		case 'number':
			return expected.range ? `Allowed: ${expected.range}.` : '';
		case 'choice':
			return expected.near ? `Did you mean "${expected.near}"?` : '';
		case 'list':
			return 'Write it like ["one", "two"].';
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
		`${titled(noun)} ${id}. To wait longer, raise Options → Timeout; to keep it running, set ${onTimeout.label} to ${onTimeout.nameOf('leave')}.`,
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
