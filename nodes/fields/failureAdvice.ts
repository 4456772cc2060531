import type { FailureCode } from '../shared/api/errorFacts';

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
