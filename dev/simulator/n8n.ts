import type { INodeExecutionData } from 'n8n-workflow';
import type { Account } from './account';
import { askChain } from './chain';
import type { Chance } from './chance';
import { executeContext, Store, webhookContext, type CallbackRequest } from './contexts';
import { copied, Execution, type NodeError, type PassEnd, type Script } from './execution';
import type { Network } from './network';
import { Process } from './processes';
import type { VirtualTime } from './time';

/** n8n looks for executions to resume once a minute. */
const POLL_MS = 60_000;

/** A thin stand-in for n8n: what it does with a node's output, errors, waits and callbacks. */
export class N8n {
	readonly executions: Execution[] = [];
	readonly store = new Store();
	/** By their places: a killed one is followed by another. */
	readonly processes: Process[] = [];

	constructor(
		private readonly account: Account,
		private readonly network: Network,
		private readonly time: VirtualTime,
		private readonly chance: Chance,
		processes: number,
	) {
		for (let at = 0; at < processes; at++) this.processes.push(new Process(`p${at}`, time));
	}

	/** Runs an execution to its end, or until it waits. */
	async start(script: Script): Promise<void> {
		await this.time.sleep(script.beginsMs);
		const execution = new Execution(script.name, script);
		this.executions.push(execution);
		this.stopLater(execution);
		await this.runPasses(execution);
	}

	/** A process dies, and another one takes its place a moment later. */
	kill(at: number): void {
		const old = this.processes[at]!;
		old.isDead = true;
		this.network.note(`${old.name} is killed`);
		for (const execution of this.executions) {
			const isHere = execution.script.process % this.processes.length === at;
			if (isHere && execution.status === 'running') execution.status = 'dropped';
		}
		this.processes[at] = new Process(`${old.name}'`, this.time);
	}

	/** A call of Replicate's. @returns the response's status */
	async call(url: string, headers: Record<string, string>, body: unknown): Promise<number> {
		const id = new URL(url).pathname.split('/')[2]!;
		const execution = this.executions.find((one) => one.id === id);
		if (!execution) return 404;
		if (execution.status !== 'waiting') return 409;
		const request: CallbackRequest = { headers, rawBody: Buffer.from(String(body)) };
		const process =
			this.processes[
				this.chance.between(`${headers['webhook-id']} is taken by`, 0, this.processes.length - 1)
			]!;
		let status: number | undefined;
		const { pass } = execution;
		const around = { network: this.network, store: this.store, process };
		const context = webhookContext(execution, around, request, (given) => (status = given));
		const result = await process.get(process.replicate().webhook!.call(context));
		if (status === undefined) {
			const { id: predictionId } = JSON.parse(String(body)) as { id: string };
			execution.taken.push({ pass, predictionId, at: this.time.now() });
		}
		if (result.workflowData === undefined) return status ?? 200;
		if ((execution.status as string) !== 'waiting') return 500;
		// n8n does not see that it waits for something else by now: it goes on with what was given.
		if (execution.pass !== pass) {
			// What another process has continued meanwhile, a node cannot know.
			if (execution.continuedIn.get(pass) === process) execution.overrun.push(pass);
			return 500;
		}
		execution.continuedIn.set(pass, process);
		this.proceed(execution, result.workflowData[0]!, 'callback');
		return 200;
	}

	private stopLater(execution: Execution): void {
		const { stopsMs } = execution.script;
		if (stopsMs === undefined) return;
		this.time.after(stopsMs, () => {
			if (execution.status === 'ended') return;
			this.network.note(`${execution.id} is stopped`);
			execution.status = 'dropped';
			execution.stop.abort();
		});
	}

	/** Runs the node for each pass that is left; n8n lets go of an execution that is stopped. */
	private async runPasses(execution: Execution): Promise<void> {
		const { script } = execution;
		for (; execution.pass < script.passes.length; execution.pass++) {
			const waitsTill = await this.runNode(execution);
			if (execution.status !== 'running') return;
			if (waitsTill) return this.wait(execution, waitsTill);
			if (execution.ends.at(-1)?.error) break;
		}
		execution.status = 'ended';
		this.retryLater(execution);
	}

	/** One pass with its tries. @returns until when it is to wait, where it is */
	private async runNode(execution: Execution): Promise<Date | undefined> {
		const { script } = execution;
		const inputs = execution.inputs;
		for (let tryIndex = 0; ; tryIndex++) {
			const isLast = tryIndex === script.tries - 1;
			const process = this.processes[script.process % this.processes.length]!;
			const around = { network: this.network, store: this.store, process };
			let waitsTill: Date | undefined;
			execution.hints = [];
			execution.process = process.name;
			const context = executeContext(execution, around, (till) => (waitsTill = till));
			const one: Execution['tries'][number] = { from: this.time.now() };
			execution.tries.push(one);
			const outcome = await process.get(
				(script.chain
					? askChain(script.chain, process.chatModel(), context, inputs, execution)
					: process.replicate().execute!.call(context)
				).then(
					(output) => ({ items: (output as INodeExecutionData[][])[0]! }),
					(error: NodeError) => ({ error }),
				),
			);
			one.to = this.time.now();
			if (execution.status !== 'running') return undefined;
			const isFailed = 'error' in outcome || outcome.items[0]?.json.error !== undefined;
			if (isFailed && !isLast) {
				this.network.note(`${execution.id} is tried again`);
				await this.time.sleep(script.pauseMs);
				if (execution.status !== 'running') return undefined;
				continue;
			}
			if (waitsTill && !('error' in outcome)) return waitsTill;
			const items = 'error' in outcome ? [] : outcome.items;
			execution.ends.push(
				this.end(execution, 'node', items, (outcome as { error?: NodeError }).error),
			);
			return undefined;
		}
	}

	private wait(execution: Execution, till: Date): void {
		const { memory, inputs } = execution;
		execution.saved = JSON.stringify({ memory, inputs });
		execution.status = 'waiting';
		execution.waitsFrom.set(execution.pass, this.time.now());
		this.network.note(`${execution.id} waits`);
		const due = Math.ceil(till.getTime() / POLL_MS) * POLL_MS;
		const { pass } = execution;
		this.time.after(due - this.time.now(), () => {
			if (execution.status !== 'waiting' || execution.pass !== pass) return;
			const saved = JSON.parse(execution.saved!) as { inputs: INodeExecutionData[] };
			this.proceed(execution, saved.inputs, 'timer');
		});
	}

	/** A waiting execution goes on, with what n8n has written down. */
	private proceed(execution: Execution, items: INodeExecutionData[], by: PassEnd['by']): void {
		execution.status = 'running';
		this.network.note(
			`${execution.id} goes on by ${by === 'timer' ? 'n8n’s timer' : 'a callback'}`,
		);
		execution.memory = (JSON.parse(execution.saved!) as { memory: Execution['memory'] }).memory;
		execution.ends.push(this.end(execution, by, copied(items)));
		execution.pass += 1;
		void this.runPasses(execution);
	}

	private end(
		{ pass, hints }: Execution,
		by: PassEnd['by'],
		items: INodeExecutionData[],
		error?: NodeError,
	): PassEnd {
		const states = new Map(this.account.told.map(({ run }) => [run.id, run.status]));
		return { at: this.time.now(), pass, by, items, error, hints: [...hints], states };
	}

	/** What the Retry button of a failed execution does. */
	private retryLater(failed: Execution): void {
		const { retriedMs, ...script } = failed.script;
		if (retriedMs === undefined || !failed.ends.at(-1)?.error) return;
		this.time.after(retriedMs, () => {
			const again = new Execution(`${failed.id}r`, { ...script, stopsMs: undefined }, failed);
			again.memory = copied(failed.memory);
			again.pass = failed.pass;
			this.executions.push(again);
			this.network.note(`${failed.id} is retried`);
			void this.runPasses(again);
		});
	}
}
