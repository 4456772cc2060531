import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import { errorJson, failedItem } from '../../host/errors';
import type { Host } from '../../host/host';
import type { ItemResult } from '../../host/item';
import { isNested } from '../../shared/api/json';
import type { Prediction } from '../../shared/api/shapes';
import type { Models } from '../../shared/models/models';
import { kindNamed } from '../../shared/models/jobKind';
import { assertSucceeded } from '../../shared/predictions/status';
import { COST_KEY, itemCost } from '../ledger/costs';
import type { Ledger } from '../ledger/ledger';
import type { Entry } from '../ledger/ledgerState';
import { namedIn, REPLACED_KEY, replacedIn } from '../ledger/replaced';
import { collectItems } from './collectItems';
import type { OutputSettings } from '../input/outputSettings';

/** What became of an item whose prediction has ended: plain JSON, so that it outlives a suspension. */
export type Collected = { result: ItemResult } | { error: IDataObject };

/** Whether something that was kept is what became of an item: another version may have written it. */
export function isCollected(kept: unknown): kept is Collected {
	if (!isNested(kept)) return false;
	const { result, error } = kept;
	return isNested(error) || (isNested(result) && isNested(result.json));
}

/** What it takes to collect a result, in a run and in a callback alike. */
interface Collector {
	host: Host;
	models: Models;
	signal?: AbortSignal;
}

/** Fetches the result of a prediction that has ended; why there is none is its result, too. */
export async function collectResult(
	{ host, models, signal }: Collector,
	{ item, kind: kindName }: Pick<Entry, 'item' | 'kind'>,
	prediction: Prediction,
	output: OutputSettings,
): Promise<Collected> {
	try {
		const kind = kindNamed(kindName);
		const succeeded = assertSucceeded(prediction, host.client.baseUrl, kind);
		// A training's result has no schema: the model's output schema is that of its predictions.
		const schema = kind.noun === 'prediction' ? await models.readSchema(succeeded) : undefined;
		const [result] = await collectItems(host, succeeded, output, { schema, signal });
		return { result: result! };
	} catch (error) {
		return { error: errorJson(error, item) };
	}
}

/** The same, with all that the ledger knows of the item: what it costs, and what was replaced. */
export function withHistory(
	ledger: Ledger,
	collected: Collected,
	item: number,
	{ prices = [] }: OutputSettings,
): Collected {
	const named = namingReplaced(ledger, collected, item);
	const cost = itemCost(ledger, item, prices);
	if (!cost) return named;
	if ('result' in named) {
		const { result } = named;
		return { result: { ...result, json: { ...result.json, [COST_KEY]: cost } } };
	}
	const { error } = named;
	return { error: { ...error, details: { ...(error.details as IDataObject), [COST_KEY]: cost } } };
}

/** The same, naming what an earlier try had created for the item and another create replaced. */
function namingReplaced(ledger: Ledger, collected: Collected, item: number): Collected {
	const { id = '' } = ledger.of(item) ?? {};
	const replaced = replacedIn(ledger, item, namedIn({ id, collected }));
	if (replaced.length === 0) return collected;
	if ('error' in collected) {
		const { error } = collected;
		const details = { ...(error.details as IDataObject), [REPLACED_KEY]: replaced };
		return { error: { ...error, details } };
	}
	const { result } = collected;
	return { result: { ...result, json: { ...result.json, [REPLACED_KEY]: replaced } } };
}

/** The item that goes on. */
export function itemOf(node: INode, collected: Collected, index: number): INodeExecutionData {
	if ('error' in collected) return failedItem(node, collected.error, index);
	const { json, binary } = collected.result;
	const files = binary && Object.keys(binary).length > 0 ? { binary } : {};
	return { json, ...files, pairedItem: { item: index } };
}
