import type { IExecuteFunctions } from 'n8n-workflow';
import { StopReason } from '../shared/api/stop';

/** What stops a run of the node. */
export interface RunStop {
	/** Aborted when the user stops the workflow, or one item's error ends the whole node. */
	signal: AbortSignal;
	/** Whether it was n8n that stopped it: the user, or the execution's time limit. */
	byUser(): boolean;
	/** Ends all items that are still running. */
	stop(): void;
	/** Lets go of the execution's signal: a loop runs the node many times in one execution. */
	release(): void;
}

const ANOTHER_FAILED = new StopReason('The node has ended, because another item failed');

/** A signal for n8n's stop and for our own; n8n before 1.19 has none to listen to. */
export function runStop(context: IExecuteFunctions): RunStop {
	const controller = new AbortController();
	const execution = context.getExecutionCancelSignal?.();
	const follow = () => controller.abort();
	if (execution?.aborted) follow();
	execution?.addEventListener('abort', follow);
	return {
		signal: controller.signal,
		byUser: () => execution?.aborted ?? false,
		stop: () => controller.abort(ANOTHER_FAILED),
		release: () => execution?.removeEventListener('abort', follow),
	};
}
