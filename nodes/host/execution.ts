import type { IDataObject, IExecuteFunctions, ISupplyDataFunctions } from 'n8n-workflow';

/** What n8n's context of a node has where an execution stands behind it. */
interface ExecutionParts {
	getContext?(type: 'node'): IDataObject;
	getExecutionId?(): string | undefined;
	putExecutionToWait?: unknown;
	/** n8n's own side of the execution; its engine refuses to run one without hooks. */
	additionalData?: { hooks?: unknown };
}

/**
 * What n8n keeps for a node during one execution, or an object of its own where n8n keeps nothing:
 * n8n's Agents run a node without an execution (n8n 2.41), and there `getContext` throws.
 */
export function memoryOf(context: IExecuteFunctions | ISupplyDataFunctions): IDataObject {
	const parts = context as ExecutionParts;
	try {
		return parts.getContext?.('node') ?? {};
	} catch {
		return {};
	}
}

/**
 * Whether the node runs in an execution that n8n can suspend. n8n's Agents and its new engine
 * (`engine-v2`) run a node in a context that has all methods, but nothing stands behind them: what
 * would suspend ends at once there, and its result is lost.
 */
export function hasExecution(context: IExecuteFunctions): boolean {
	const { additionalData, putExecutionToWait } = context as ExecutionParts;
	return (
		typeof putExecutionToWait === 'function' &&
		hasExecutionId(context) &&
		(additionalData === undefined || additionalData.hooks !== undefined)
	);
}

/** Whether what runs the node has given the run an id: n8n's engines do, its Agents do not. */
export function hasExecutionId(context: IExecuteFunctions): boolean {
	return (context as ExecutionParts).getExecutionId?.() !== undefined;
}
