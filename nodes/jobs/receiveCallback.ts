import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { openHost } from '../host/host';
import { isPending } from '../shared/predictions/status';
import { receiveWebhook } from '../shared/webhooks/receive';
import type { SignedWebhook, WebhookRequest } from '../shared/webhooks/signature';
import { Ledger } from './ledger/ledger';
import { thisProcess } from './process';
import { inputsOf, openResumption, resumeItems, type Resumption } from './callback/resumption';
import { readSuspension, SUSPENSION_KEY, type UnknownSuspension } from './callback/suspension';

type Continuation = INodeExecutionData[] | 'waiting';

/**
 * Takes one call of Replicate for a suspended execution. A call is a wake-up only: it names a
 * prediction that has ended, and results are read from the API. The execution continues when the last
 * one has ended, or when the first result would expire.
 *
 * It must not throw: n8n would go on with an empty item.
 */
export async function receiveCallback(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const waits: IWebhookResponseData = {};
	const outcome = await handleCallback(this).catch((error: Error) => error);
	if (outcome === 'forged') return refuse(this, 401, 'The signature does not match');
	// Replicate calls again, up to a minute later. The reason is not for strangers.
	if (outcome instanceof Error) return refuse(this, 503, 'Try again later');
	return outcome === 'waiting' ? waits : { workflowData: [outcome] };
}

function refuse(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

async function handleCallback(context: IWebhookFunctions): Promise<Continuation | 'forged'> {
	const host = await openHost(context);
	const request = context.getRequestObject() as unknown as WebhookRequest;
	const call = await receiveWebhook(host.client, request);
	if (!call) return 'forged';
	const suspension = readSuspension(
		context.evaluateExpression(
			`{{ $node[${quoted(context.getNode().name)}].context.${SUSPENSION_KEY} }}`,
		),
	);
	if (!suspension) return 'waiting';
	if ('unknown' in suspension) return continueWithout(context, call, suspension);
	const executionId = context.getExecutionId?.() ?? '';
	const ledger = new Ledger(suspension.ledger);
	const { claims, executions } = thisProcess;
	if (executions.of(executionId).isNewRun(suspension.ledger.owner)) claims.claimAll(ledger.ids);
	return await wakeUp(executionId, call, openResumption(context, host, ledger, suspension));
}

/** Continues the execution, if what the callback names was all that it waited for. */
async function wakeUp(
	executionId: string,
	{ id, body }: SignedWebhook,
	resumption: Resumption,
): Promise<Continuation> {
	const { executions, turns } = thisProcess;
	const known = executions.of(executionId);
	const { owner } = resumption.ledger.state;
	const began = Date.now();
	// Another node of the workflow may have created it, or this one, the time before in a loop.
	const isAwaited = resumption.entries.some((entry) => entry.id === body.id);
	if (!isAwaited || isPending(body) || known.hasTaken(id)) return 'waiting';
	known.noteEnd(body);
	const outcome = await turns.take(
		`${executionId} ${owner}`,
		async () => await resumeItems(resumption, known),
		(one) => one !== 'waiting',
	);
	if (outcome !== 'waiting') {
		const isSuperseded = !executions.isCurrent(executionId, known) || !known.isOf(owner);
		// n8n would go on with this run's items in the middle of the next one, as in a loop.
		if (isSuperseded || isInterrupted(resumption, began)) {
			throw new Error('The execution may have continued meanwhile');
		}
		executions.forget(executionId);
	}
	known.take(id);
	return outcome;
}

/** Whether n8n's timer has struck while the callback was handled. */
function isInterrupted({ until = Infinity }: Resumption, began: number): boolean {
	return began < until && Date.now() >= until;
}

/** Continues with the ids of the predictions, where another version of this package has suspended. */
function continueWithout(
	context: IWebhookFunctions,
	{ body }: SignedWebhook,
	{ unknown }: UnknownSuspension,
): Continuation {
	const inputs = inputsOf(context);
	const isAwaited = inputs.some(({ json }) => json.predictionId === body.id);
	if (!isAwaited || isPending(body)) return 'waiting';
	return inputs.map((input, item) => ({
		...input,
		json: { ...input.json, predictionError: unknown },
		pairedItem: { item },
	}));
}

/** A text inside an expression of n8n's, which would end at a brace of the text. */
function quoted(text: string): string {
	return JSON.stringify(text).replace(/[{}]/g, (brace) => (brace === '{' ? '\\u007b' : '\\u007d'));
}
