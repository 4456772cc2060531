import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { wordsOf } from '../fields/advice';
import type { ParameterSource } from '../fields/field';
import { noteOf } from '../fields/notes';
import { simplify, binaryField, DEFAULT_MAX_FILE_BYTES } from '../fields/output';
import { openHost, type Host } from '../host/host';
import { now } from '../shared/api/clock';
import { MAX_TRANSFER_MS } from '../shared/api/timeLimit';
import { toJson } from '../shared/api/json';
import type { Prediction } from '../shared/api/shapes';
import { Models } from '../shared/models/models';
import { collectOutput, type CollectedOutput } from '../shared/outputs/collect';
import { simplified, withoutData } from '../shared/predictions/simplify';
import { passes, type WebhookFilter } from '../shared/webhooks/filter';
import { isTraining } from '../shared/webhooks/jobKind';
import { receiveWebhook } from '../shared/webhooks/receive';
import { downloads, models, source, statuses } from './fields';
import { keepWebhook, SeenWebhooks } from '../shared/webhooks/seen';
import type { SignedWebhook, WebhookRequest } from '../shared/webhooks/signature';

/** Webhooks that this process has taken: n8n writes its own record only after the workflow began. */
const taken = new SeenWebhooks();

/**
 * Takes one webhook of Replicate: refuses what is not signed, answers at once, and then makes the
 * item that starts the workflow.
 */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const request = this.getRequestObject() as unknown as WebhookRequest;
	const call = await openHost(this)
		.then(async (host) => ({ host, signed: await receiveWebhook(host.client, request) }))
		.catch(() => undefined);
	// An error of the credential would start an execution for every stranger's call.
	if (!call) return unavailable(this);
	const { host, signed } = call;
	if (!signed) return answer(this, 401, 'The signature does not match');
	const from: ParameterSource = {
		parameter: (name, fallback) => this.getNodeParameter(name, fallback),
	};
	// One that cannot be told is neither: Replicate calls again.
	const training = await isTraining(host.client, signed.body).catch(() => undefined);
	if (training === undefined) return unavailable(this);
	const answered = answer(this, 200, 'Received');
	if (isDuplicate(this, signed) || !passes(signed.body, training, readFilter(from))) {
		return answered;
	}
	const job = { body: signed.body, isTraining: training };
	const item = await itemOf(from, host, job, this.getQueryData());
	return { ...answered, workflowData: [[item]] };
}

function answer(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/** Replicate calls again after it. It does not say why: whoever called may be a stranger. */
function unavailable(context: IWebhookFunctions): IWebhookResponseData {
	context.getResponseObject().status(503).end();
	return { noWebhookResponse: true };
}

/** The record in n8n's static data outlives a restart, and is shared by processes. */
function isDuplicate(context: IWebhookFunctions, { id }: SignedWebhook): boolean {
	const data = context.getWorkflowStaticData('node');
	const { kept, wasKept } = keepWebhook(data.webhooks, id);
	// n8n writes it down only where it has changed.
	if (!wasKept) data.webhooks = kept;
	return taken.take(`${context.getNode().id} ${id}`) || wasKept;
}

function readFilter(from: ParameterSource): WebhookFilter {
	return {
		source: source.read(from),
		statuses: statuses.read(from),
		models: models
			.read(from)
			.split(',')
			.flatMap((name) => name.trim() || []),
	};
}

/** What a webhook is about. */
interface ReportedJob {
	body: Prediction;
	isTraining: boolean;
}

/** @param query of the address, by which the builder can tell whose order it is */
async function itemOf(from: ParameterSource, host: Host, job: ReportedJob, query: object) {
	const { body } = job;
	const nothing: CollectedOutput = { files: [], binary: {} };
	const { collected, downloadError } = await outputOf(from, host, job).then(
		(output) => ({ collected: output, downloadError: undefined }),
		(error: Error) => ({ collected: nothing, downloadError: reasonOf(error) }),
	);
	const type = job.isTraining ? 'training' : 'prediction';
	const json = simplify.read(from)
		? { ...simplified(body, collected), input: withoutData(body.input ?? {}) }
		: toJson({ ...body, files: collected.files });
	return {
		json: { type, ...json, query: toJson(query), ...(downloadError ? { downloadError } : {}) },
		...(Object.keys(collected.binary).length > 0 ? { binary: collected.binary } : {}),
	};
}

async function outputOf(
	from: ParameterSource,
	{ client, keep, store, blockReason }: Host,
	{ body, isTraining: training }: ReportedJob,
): Promise<CollectedOutput> {
	return await collectOutput(body, await new Models(client).readSchema(body), {
		transport: client.transport,
		// A training's output names its weights: gigabytes that its new version holds already.
		downloadFiles: body.status === 'succeeded' && !training && downloads.read(from),
		binaryField: binaryField.read(from),
		hosts: { baseUrl: client.baseUrl, more: [] },
		ownFile: (address) => client.ownFile(address),
		noteOf,
		maxBytes: DEFAULT_MAX_FILE_BYTES,
		until: now() + MAX_TRANSFER_MS,
		blockReason,
		keep,
		store,
	});
}

function reasonOf(error: Error): string {
	const { message, description } = wordsOf(error);
	return [message, description].filter(Boolean).join('. ');
}
