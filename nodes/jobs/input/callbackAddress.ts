import type { Item } from '../../host/item';
import { outputItems } from '../../fields/output';
import { ParameterError } from '../../fields/parameterError';
import { assertResumable, type WebhookTarget } from '../../shared/webhooks/address';
import type { OutputSettings } from './outputSettings';

/**
 * The end of the address at which Replicate calls back. n8n's Wait and approval nodes listen without
 * one, so that a late callback must not be taken for their answer.
 */
export const CALLBACK_PATH = 'replicate-callback';

/**
 * Where Replicate calls back when an item's prediction has ended.
 *
 * @throws InputError when Replicate could not reach this n8n, or its result would be lost
 */
export function callbackOf({ run, client }: Item, output: OutputSettings): WebhookTarget {
	if (!run.canSuspend) {
		const why = run.isInsideAgent
			? 'this agent runs its tools itself, and would end before the result arrives'
			: 'n8n runs the node without an execution that it could suspend, and the result would be lost';
		throw new ParameterError(
			`Wait For → Callback cannot be used here: ${why}`,
			'Set Wait For to Result.',
		);
	}
	if (output.outputItems === 'perFile') {
		throw new ParameterError(
			`${outputItems.label} → One per File cannot be used with Wait For → Callback: n8n would pair the files with the wrong items`,
			`Set ${outputItems.label} to One per Prediction, or Wait For to Result.`,
		);
	}
	const { resumeUrl } = run;
	assertResumable(resumeUrl, client.baseUrl);
	const url = new URL(resumeUrl);
	url.pathname = `${url.pathname.replace(/\/$/, '')}/${CALLBACK_PATH}`;
	return { url: url.href, events: ['completed'] };
}
