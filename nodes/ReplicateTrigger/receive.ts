import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { openTransport } from '../../transports/edition';
import { ReplicateClient, type ReplicateCredential } from '../shared/api/client';
import type { ReplicateError } from '../shared/api/errors';
import type { Prediction } from '../shared/api/types';
import type { BinaryStore } from '../shared/files/binaryFile';
import { Models } from '../shared/models/models';
import { collectOutput, type CollectedOutput } from '../shared/outputs/collect';
import { simplified } from '../shared/outputs/simplify';
import { isTraining, passes, type WebhookFilter } from '../shared/webhooks/filter';
import { receiveWebhook } from '../shared/webhooks/receive';
import { egressRefusal } from '../shared/outputs/egress';
import { hasSeen, type SeenWebhooks } from '../shared/webhooks/seen';
import type { SignedWebhook, WebhookRequest } from '../shared/webhooks/signature';

/** Webhooks that this process has taken: n8n writes its own record only after the workflow began. */
const taken: SeenWebhooks = {};

/**
 * Takes one webhook of Replicate: refuses what is not signed, answers at once, and then makes the
 * item that starts the workflow.
 */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const credential = await this.getCredentials<ReplicateCredential>('replicateApi');
	const client = new ReplicateClient(credential, openTransport(this.helpers));
	const request = this.getRequestObject() as unknown as WebhookRequest;
	const signed = await receiveWebhook(client, request).catch((error: Error) => error);
	if (signed instanceof Error) return answer(this, 503, signed.message);
	if (!signed) return answer(this, 401, 'The signature does not fit');
	const answered = answer(this, 200, 'Received');
	if (isDuplicate(this, signed) || !passes(signed.body, filterOf(this))) return answered;
	const item = await itemOf(this, client, signed.body);
	return { ...answered, workflowData: [[item]] };
}

function answer(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/** The record in n8n's static data outlives a restart, and is shared by processes. */
function isDuplicate(context: IWebhookFunctions, { id }: SignedWebhook): boolean {
	const kept = context.getWorkflowStaticData('node');
	const seen = (kept.webhooks ?? {}) as SeenWebhooks;
	const wasKept = hasSeen(seen, id);
	kept.webhooks = { ...seen };
	return hasSeen(taken, `${context.getNode().id} ${id}`) || wasKept;
}

function filterOf(context: IWebhookFunctions): WebhookFilter {
	const models = String(context.getNodeParameter('models', '') ?? '');
	return {
		source: context.getNodeParameter('source', 'all') as WebhookFilter['source'],
		statuses: context.getNodeParameter('statuses', []) as string[],
		models: models.split(',').flatMap((name) => name.trim() || []),
	};
}

async function itemOf(context: IWebhookFunctions, client: ReplicateClient, body: Prediction) {
	const simplify = context.getNodeParameter('simplify', true) as boolean;
	const nothing: CollectedOutput = { files: [], binary: {} };
	const { collected, downloadError } = await outputOf(context, client, body).then(
		(output) => ({ collected: output, downloadError: undefined }),
		(error: Error) => ({ collected: nothing, downloadError: wordsOf(error) }),
	);
	const type = isTraining(body) ? 'training' : 'prediction';
	const json = simplify ? simplified(body, collected) : { ...body, files: collected.files };
	return {
		json: { type, ...json, ...(downloadError ? { downloadError } : {}) } as unknown as IDataObject,
		...(Object.keys(collected.binary).length > 0 ? { binary: collected.binary } : {}),
	};
}

async function outputOf(
	context: IWebhookFunctions,
	client: ReplicateClient,
	body: Prediction,
): Promise<CollectedOutput> {
	const { helpers } = context;
	return await collectOutput(body, await new Models(client).schemaOf(body), {
		transport: client.transport,
		downloadFiles:
			body.status === 'succeeded' && context.getNodeParameter('downloadFiles', false) === true,
		binaryField: String(context.getNodeParameter('binaryField', 'data') || 'data'),
		hosts: { baseUrl: client.baseUrl, more: [] },
		refusal: egressRefusal(helpers),
		keep: async (bytes, fileName, mimeType) =>
			await helpers.prepareBinaryData(bytes, fileName, mimeType),
		store: helpers as unknown as BinaryStore,
		signal: new AbortController().signal,
	});
}

function wordsOf(error: Error): string {
	const { description } = error as ReplicateError;
	return [error.message, description].filter(Boolean).join('. ');
}
