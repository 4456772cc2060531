import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import { concurrency } from '../../fields/waiting';
import { errorJson, failedItem, nodeError } from '../../host/errors';
import { hasExecutionId } from '../../host/execution';
import { NodeRun } from '../../host/nodeRun';
import type { ItemOutcome } from '../../host/outcome';
import { runStop } from '../../host/stop';
import { RunJobs } from '../../jobs/runJobs';
import { ParameterError } from '../../fields/parameterError';
import { StoppedError } from '../../shared/api/errors';
import { textOf } from '../../shared/api/json';
import { runItems } from './itemLoop';
import type { Operation } from './resource';
import { resources } from './resources';

/**
 * Runs the chosen operation for all items and returns the results in the items' order. With "continue
 * on fail" a failed item costs no other; without it, the first error ends the node.
 */
export async function dispatch(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const node = this.getNode();
	const parameter = (name: string, fallback: unknown) => this.getNodeParameter(name, 0, fallback);
	const operation = operationOf(
		node,
		textOf(parameter('resource', '')),
		textOf(parameter('operation', '')),
	);
	const stop = runStop(this);
	const jobs = NodeRun.start(this, stop).then((run) => new RunJobs(run));
	const { outcomes, failed } = await runItems(operation, jobs, stop, {
		count: this.getInputData().length,
		concurrency: concurrency.read({ parameter }),
		continues: this.continueOnFail(),
	});
	const opened = await jobs.catch(() => undefined);
	const finish = opened && (await operation.finish?.(opened, { outcomes, failed }));
	stop.release();
	opened?.run.showHints();
	if (failed !== undefined) {
		const { error } = outcomes[failed] as { error: unknown };
		throw nodeError(node, error, failed, finish?.note);
	}
	if (finish?.isStopped) throw nodeError(node, new StoppedError(stop.signal), 0, finish.note);
	if (finish?.output) return [finish.output];
	const items = outcomes.flatMap((outcome, index) => itemsOf(node, outcome, index));
	return [hasExecutionId(this) ? items : items.map(withoutBytes)];
}

/**
 * An expression can choose the operation, and give anything.
 *
 * @throws NodeOperationError when there is no such operation
 */
function operationOf(node: INode, resource: string, name: string): Operation {
	const operations = Object.hasOwn(resources, resource) ? resources[resource]!.operations : {};
	if (Object.hasOwn(operations, name)) return operations[name]!;
	const known = Object.keys(operations);
	throw nodeError(
		node,
		new ParameterError(
			`There is no operation "${name}" of "${resource}"`,
			known.length > 0
				? `The operations of ${resource} are ${known.join(', ')}.`
				: `Choose one of these resources, and one of its operations: ${Object.keys(resources).join(', ')}.`,
		),
		0,
	);
}

function itemsOf(node: INode, outcome: ItemOutcome, item: number): INodeExecutionData[] {
	if ('error' in outcome) return [failedItem(node, errorJson(outcome.error, item), item)];
	return outcome.results.map(({ json, binary }) => ({
		json,
		...(binary && Object.keys(binary).length > 0 ? { binary } : {}),
		pairedItem: { item },
	}));
}

/**
 * Without the files whose bytes are in the item, as n8n's memory mode keeps them. n8n's Agents hand
 * the whole item to a language model, for which base64 is only length; the files' URLs are in the JSON.
 */
function withoutBytes({ binary = {}, ...item }: INodeExecutionData): INodeExecutionData {
	const stored = Object.entries(binary).filter(([, { id }]) => id !== undefined);
	return stored.length > 0 ? { ...item, binary: Object.fromEntries(stored) } : item;
}
