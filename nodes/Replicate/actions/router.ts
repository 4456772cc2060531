import pMap from 'p-map';
import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import { InputError, StoppedError } from '../../shared/api/errors';
import { errorJson, failedItem, nodeError } from './errors';
import * as account from './account';
import * as collection from './collection';
import * as deployment from './deployment';
import * as file from './file';
import * as hardware from './hardware';
import * as model from './model';
import { NodeRun, textOf } from './nodeRun';
import { DEFAULT_CONCURRENCY, MAX_CONCURRENCY, type ItemResult, type Operation } from './operation';
import * as prediction from './prediction';
import * as training from './training';
import {
	abandonAwaited,
	suspend,
	type AwaitedPrediction,
	type BeforeSuspension,
} from './prediction/suspension';

const operations: Record<string, Record<string, Operation>> = {
	account: account.operations,
	collection: collection.operations,
	deployment: deployment.operations,
	file: file.operations,
	hardware: hardware.operations,
	model: model.operations,
	prediction: prediction.operations,
	training: training.operations,
};

/** An expression can choose the operation, and give anything. */
function operationOf(resource: string, name: string): Operation | undefined {
	const ofResource = Object.hasOwn(operations, resource) ? operations[resource]! : {};
	return Object.hasOwn(ofResource, name) ? ofResource[name] : undefined;
}

type Outcome = { results: ItemResult[] } | { error: unknown };

/**
 * Runs the chosen operation for every item, several at a time, and gives the results in the items'
 * order. With "continue on fail" a bad item costs no other; without it, the first error stops the
 * items still in work, and names the predictions that had a result. A node that waits for callbacks
 * is suspended once, for all its items.
 */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = this.getInputData();
	const resource = textOf(this.getNodeParameter('resource', 0));
	const name = textOf(this.getNodeParameter('operation', 0));
	const operation = operationOf(resource, name);
	if (!operation) {
		const message = `There is no operation "${name}" of "${resource}"`;
		throw nodeError(this.getNode(), new InputError(message), 0);
	}
	const concurrency = Number(
		textOf(this.getNodeParameter('options.concurrency', 0, DEFAULT_CONCURRENCY)),
	);
	const goesOn = this.continueOnFail();
	const { stop, letGo } = stopSignal(this);
	const run = NodeRun.start(this, stop.signal);

	const outcomes = await pMap(
		items,
		async (_item, itemIndex): Promise<Outcome> => {
			if (stop.signal.aborted) return { error: new StoppedError('The workflow was stopped') };
			return await run
				.then(async (started) => await operation.execute(started, itemIndex))
				.then(
					(results) => ({ results }),
					(error: unknown) => {
						if (!goesOn) stop.abort();
						return { error };
					},
				);
		},
		{
			concurrency: Math.min(
				Math.max(1, Math.floor(concurrency) || DEFAULT_CONCURRENCY),
				MAX_CONCURRENCY,
			),
		},
	);
	letGo();
	await run.then(
		async (started) => await started.end(),
		() => undefined,
	);

	const failed = goesOn && !stop.signal.aborted ? -1 : firstError(outcomes);
	if (failed !== -1) {
		const { error } = outcomes[failed] as { error: unknown };
		const cancelled = await run.then(
			async (started) => await abandonAwaited(started, outcomes.flatMap(awaitedIn)),
			() => '',
		);
		const others = [finishedPredictions(outcomes), cancelled].filter(Boolean).join(' ');
		throw nodeError(this.getNode(), error, failed, others);
	}
	if (outcomes.some((outcome) => awaitedIn(outcome).length > 0)) {
		return [await suspend(this, items, outcomes.map(beforeSuspension))];
	}
	return [outcomes.flatMap((outcome, item) => toItems(this.getNode(), outcome, item))];
}

/**
 * A signal for n8n's stop and for our own; n8n before 1.19 has none to listen to. A loop runs the
 * node many times in one execution, so each run lets go of the execution's signal at its end.
 */
function stopSignal(context: IExecuteFunctions): { stop: AbortController; letGo: () => void } {
	const stop = new AbortController();
	const byUser = context.getExecutionCancelSignal?.();
	const onStop = () => stop.abort();
	if (byUser?.aborted) onStop();
	byUser?.addEventListener('abort', onStop);
	return { stop, letGo: () => byUser?.removeEventListener('abort', onStop) };
}

/** The error that began it: items that were stopped because of it come later. */
function firstError(outcomes: Outcome[]): number {
	const isCause = (outcome: Outcome) =>
		'error' in outcome && !(outcome.error instanceof StoppedError);
	const cause = outcomes.findIndex(isCause);
	return cause === -1 ? outcomes.findIndex((outcome) => 'error' in outcome) : cause;
}

/** Names the finished predictions of a run that fails, because its other results are not passed on. */
function finishedPredictions(outcomes: Outcome[]): string {
	const ids = outcomes
		.flatMap((outcome) => ('results' in outcome ? outcome.results : []))
		.flatMap(({ json }) => (json.status === 'succeeded' ? [String(json.id)] : []));
	if (ids.length === 0) return '';
	return `Predictions of other items were finished; get them with Prediction → Get within an hour: ${ids.join(', ')}. To keep them, set the node's On Error to Continue.`;
}

function awaitedIn(outcome: Outcome): AwaitedPrediction[] {
	const results = 'results' in outcome ? outcome.results : [];
	return results.flatMap(({ awaits }) => awaits ?? []);
}

/** A node that suspends has one prediction, or one error, for each of its items. */
function beforeSuspension(outcome: Outcome): BeforeSuspension {
	return 'error' in outcome ? outcome : { awaits: awaitedIn(outcome)[0]! };
}

function toItems(node: INode, outcome: Outcome, item: number): INodeExecutionData[] {
	if ('error' in outcome) return [failedItem(node, errorJson(outcome.error, item), item)];
	return outcome.results.map(({ json, binary }) => ({
		json,
		...(binary && Object.keys(binary).length > 0 ? { binary } : {}),
		pairedItem: { item },
	}));
}
