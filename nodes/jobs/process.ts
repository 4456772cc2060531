import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { SubNode } from '../host/subNode';
import { Claims } from '../shared/predictions/claims';
import { Answers } from './answers';
import { KnownExecutions } from './callback/awaitedJobs';
import { CallbackTurns } from './callback/callbackTurns';

/** What this process of n8n keeps beyond one run of a node; other processes of n8n have their own. */
class ThisProcess {
	/** Who has created what. */
	readonly claims = Claims.ofProcess;
	/** What is known of executions that wait for callbacks. */
	readonly executions = new KnownExecutions();
	/** The callbacks of an execution are handled one at a time. */
	readonly turns = new CallbackTurns<INodeExecutionData[] | 'waiting'>('waiting');
	/** Chains and agents that are running, by their node's memory: n8n hands it to each of its calls. */
	private readonly tries = new WeakMap<IDataObject, Try>();

	/**
	 * The answers of the try that is running, or of a new one. n8n asks for a chat model again for each
	 * item, and an agent that is the tool of another one may have the same model.
	 *
	 * @throws ParameterError for a ledger that another version of this package has kept
	 */
	async openAnswers(subNode: SubNode): Promise<Answers> {
		const { memory } = subNode;
		const last = this.tries.get(memory);
		const running = last?.isOf(subNode) ? last : new Try(subNode, last);
		this.tries.set(memory, running);
		const answers = await running.opening;
		// It may have ended while it was opened.
		if (answers.isOver) return await this.openAnswers(subNode);
		answers.join();
		return answers;
	}
}

/** One try of a chain or an agent, with the answers of its chat model. */
class Try {
	/** Rejects with what is wrong with the ledger that earlier tries have kept. */
	readonly opening: Promise<Answers>;
	private readonly ofTry?: object;
	private answers?: Answers;

	constructor(subNode: SubNode, before: Try | undefined) {
		this.ofTry = subNode.ofTry;
		this.opening = this.open(subNode, before);
	}

	/** Whether one of n8n's calls works with this try. */
	isOf({ ofTry }: SubNode): boolean {
		return this.ofTry === ofTry && this.answers?.isOver !== true;
	}

	/** n8n before 2.17 does not say that a try has ended when it has failed; the next one shows it. */
	private async open(subNode: SubNode, before: Try | undefined): Promise<Answers> {
		const earlier = await before?.opening.catch(() => undefined);
		await earlier?.end();
		return (this.answers = new Answers(subNode));
	}
}

export const thisProcess = new ThisProcess();
