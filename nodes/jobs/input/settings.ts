import type { ParameterSource } from '../../fields/field';
import type { Item } from '../../host/item';
import type { Models, RunnableModel } from '../../shared/models/models';
import { outputItems } from '../../fields/output';
import { ParameterError } from '../../fields/parameterError';
import { type WebhookTarget, WEBHOOK_EVENTS } from '../../shared/webhooks/address';
import { type OutputSettings, readOutputSettings } from './outputSettings';
import { deleteUploads, fileRouting, readMaxInlineBytes } from '../../fields/files';
import { manualRuns } from '../../fields/manualRuns';
import { onTimeout, waitFor, type timeout } from '../../fields/waiting';
import { maxPredictions, maxSpending, reuse } from '../../fields/spending';
import { webhookEvents, webhookUrl } from '../../fields/webhook';
import { shown } from '../../shared/api/json';
import type { Routing } from '../../shared/files/route';

/** How a job is to be created and waited for. */
export interface JobSettings extends Routing {
	/** In s. */
	timeoutSeconds: number;
	waitFor: 'callback' | 'nothing' | 'result';
	onTimeout: 'cancel' | 'leave';
	deleteUploads: boolean;
	/** Where Replicate reports events, if anywhere. */
	webhook?: WebhookTarget;
}

/** How one item is to be run: read and checked as a whole before anything is sent. */
export interface Settings extends JobSettings {
	reuse: 'never' | 'sameInput';
	/** Whether the model's example takes the place of a prediction, in this execution. */
	usesExample: boolean;
	output: OutputSettings;
}

/** What differs between the operations that create paid work. */
export interface JobForm {
	timeout: typeof timeout;
	/** Finds what is to run. */
	findModel: (models: Models, from: ParameterSource) => Promise<RunnableModel>;
	/** Whether output files come into n8n; a training's weights are large and stay where they are. */
	downloads: boolean;
	/** Whether an execution that was started by hand may take the model's example. */
	hasExamples?: true;
}

/** @throws InputError for settings that cannot be followed */
export function readSettings(item: Item, form: JobForm): Settings {
	const wait = waitFor.read(item);
	const timeoutSeconds = form.timeout.read(item);
	const output = readOutputSettings(item);
	const wantsExample = form.hasExamples && manualRuns.read(item) === 'example';
	assertLimitHolds(item, wait);
	return {
		fileRouting: fileRouting.read(item),
		dataUriMaxBytes: readMaxInlineBytes(item),
		timeoutSeconds,
		waitFor: wait,
		onTimeout: onTimeout.read(item),
		deleteUploads: deleteUploads.read(item),
		reuse: reuse.read(item),
		usesExample: wantsExample === true && item.run.isStartedByHand,
		webhook: wait === 'callback' ? callbackOf(item, output) : readWebhook(item),
		output: { ...output, timeoutSeconds, downloadFiles: form.downloads && output.downloadFiles },
	};
}

/** @throws ParameterError for a limit of spending where the node does not see what is spent */
function assertLimitHolds(item: Item, wait: JobSettings['waitFor']): void {
	if (wait === 'result' || maxSpending.read(item) === Infinity) return;
	throw new ParameterError(
		`${maxSpending.label} needs ${waitFor.chosen('result')}: with another choice the node does not see what its predictions cost`,
		`Nothing was created. Use ${maxPredictions.label} instead.`,
	);
}

/**
 * Where Replicate reports the prediction's events, if anywhere.
 *
 * @throws InputError for no event
 */
function readWebhook(item: Item): WebhookTarget | undefined {
	const url = webhookUrl.read(item).trim();
	if (url === '') return undefined;
	const events = webhookEvents.read(item);
	if (events.length > 0) return { url, events };
	throw new ParameterError(
		`${webhookEvents.label} must be a list of ${WEBHOOK_EVENTS.join(', ')}, and is ${shown(events)}`,
	);
}

/**
 * The end of the address at which Replicate calls back. n8n's Wait and approval nodes listen without
 * one, so that a late callback must not be taken for their answer.
 */
export const CALLBACK_PATH = 'replicate-callback';

/**
 * Where Replicate calls back when an item's prediction has ended.
 *
 * @throws InputError when its result would be lost
 */
function callbackOf({ run }: Item, output: OutputSettings): WebhookTarget {
	if (!run.canSuspend) {
		const why = run.isInsideAgent
			? 'this agent runs its tools itself, and would end before the result arrives'
			: 'n8n runs the node without an execution that it could suspend, and the result would be lost';
		throw new ParameterError(
			`${waitFor.chosen('callback')} cannot be used here: ${why}`,
			`Set ${waitFor.label} to ${waitFor.nameOf('result')}.`,
		);
	}
	if (output.outputItems === 'perFile') {
		throw new ParameterError(
			`${outputItems.chosen('perFile')} cannot be used with ${waitFor.chosen('callback')}: n8n would pair the files with the wrong items`,
			`Set ${outputItems.label} to ${outputItems.nameOf('perPrediction')}, or ${waitFor.label} to ${waitFor.nameOf('result')}.`,
		);
	}
	const { resumeUrl } = run;
	if (!URL.canParse(resumeUrl)) return { url: resumeUrl, events: ['completed'] };
	const url = new URL(resumeUrl);
	url.pathname = `${url.pathname.replace(/\/$/, '')}/${CALLBACK_PATH}`;
	return { url: url.href, events: ['completed'] };
}
