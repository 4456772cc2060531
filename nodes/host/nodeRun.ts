import { randomUUID } from 'node:crypto';
import type { IDataObject, IExecuteFunctions, INode } from 'n8n-workflow';
import { Models } from '../shared/models/models';
import { Uploads } from '../shared/files/uploads';
import { hasExecution, memoryOf } from './execution';
import { openHost, type Host } from './host';
import { filesOf } from './itemFiles';
import { NodeParameters } from './nodeParameters';
import type { RunStop } from './stop';

/** One run of the node over all its items: n8n's side of it, and what the items share. */
export class NodeRun {
	/** Tells this run from all others of this process. */
	readonly id = randomUUID();
	/** Models and their schemas, read once per run. */
	readonly models: Models;
	readonly parameters: NodeParameters;
	readonly node: INode;
	/** What n8n keeps for the node during one execution: plain JSON that outlives a suspension. */
	readonly memory: IDataObject;
	private readonly warnings = new Map<string, number[]>();
	private readonly notes: string[] = [];
	private begunUploads?: Uploads;

	private constructor(
		readonly context: IExecuteFunctions,
		readonly host: Host,
		private readonly stop: RunStop,
	) {
		this.node = context.getNode();
		this.memory = memoryOf(context);
		this.parameters = new NodeParameters(context);
		this.models = new Models(host.client, this.signal);
	}

	/** @throws InputError when the credential cannot be used */
	static async start(context: IExecuteFunctions, stop: RunStop): Promise<NodeRun> {
		return new NodeRun(context, await openHost(context), stop);
	}

	/** Aborted when the user stops the workflow, or one item's error ends the whole node. */
	get signal(): AbortSignal {
		return this.stop.signal;
	}

	/** Files that went up in this run, so that none goes up twice. */
	get uploads(): Uploads {
		const { host, context } = this;
		return (this.begunUploads ??= new Uploads(
			host.client,
			context.getInputData().flatMap((item) => Object.values(filesOf(item))),
			host.store,
		));
	}

	/** Whether it was n8n that stopped the run: the user, or the execution's time limit. */
	get stoppedByUser(): boolean {
		return this.stop.byUser();
	}

	/** As n8n numbers it; this run's own where there is no execution. */
	get executionId(): string {
		const { getExecutionId } = this.context as { getExecutionId(): string | undefined };
		return getExecutionId.call(this.context) ?? this.id;
	}

	/** How often the node ran before in this execution, as in a loop. */
	get runIndex(): number {
		const { $runIndex } = this.context.getWorkflowDataProxy(0);
		return typeof $runIndex === 'number' ? $runIndex : 0;
	}

	/**
	 * Whether an agent calls the node while the agent itself is running, so that the node cannot suspend
	 * the execution. Newer agents let n8n run their tools as steps of the workflow, which can.
	 */
	get isInsideAgent(): boolean {
		const { context } = this as { context: { isToolExecution?: () => boolean } };
		return context.isToolExecution?.() ?? this.node.type.endsWith('Tool');
	}

	/** Whether n8n can suspend the execution, and resume it when Replicate calls. */
	get canSuspend(): boolean {
		return !this.isInsideAgent && hasExecution(this.context);
	}

	/** Where Replicate can call to resume this execution. */
	get resumeUrl(): string {
		const { $execution } = this.context.getWorkflowDataProxy(0);
		return ($execution as { resumeUrl: string }).resumeUrl;
	}

	/**
	 * Whether somebody started the execution in the editor. n8n has modes of their own for what a trigger,
	 * a webhook, another workflow (`integrated`), a retry or one of its Agents (`internal`) starts. A test
	 * call of a webhook or a chat, which n8n waits for only while the editor listens, is started by hand.
	 */
	get isStartedByHand(): boolean {
		return this.context.getMode() === 'manual';
	}

	/** Of the workflow, as IANA names it. */
	get timeZone(): string {
		return this.context.getTimezone();
	}

	/** Whether somebody watches the workflow's answer grow, as in a chat. */
	get isStreaming(): boolean {
		return this.context.isStreaming?.() ?? false;
	}

	/** Shows how far a prediction is, in the browser's console of whoever runs the workflow by hand. */
	showProgress(id: string, progress: string): void {
		if (progress !== '') this.context.sendMessageToUI?.(`${id}: ${progress}`);
	}

	/** Tells the builder something that stops nothing, in the output panel. */
	warn(itemIndex: number, message: string): void {
		this.warnings.set(message, [...(this.warnings.get(message) ?? []), itemIndex]);
	}

	/** Tells the builder something about the whole run, in the output panel. */
	inform(message: string): void {
		this.notes.push(message);
	}

	/** Shows the warnings of all items, and what there is to say of the run; older n8n has no hints. */
	showHints(): void {
		const warnings = [...this.warnings].map(([message, items]) => ({
			message: items.length > 1 ? `${message} (${items.length} items)` : message,
			type: 'warning' as const,
			location: 'outputPane' as const,
		}));
		const notes = this.notes.map((message) => ({
			message,
			type: 'info' as const,
			location: 'outputPane' as const,
		}));
		const hints = [...warnings, ...notes];
		if (hints.length > 0) this.context.addExecutionHints?.(...hints);
	}
}
