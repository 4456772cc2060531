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
	private readonly answers = new WeakMap<IDataObject, Answers>();

	/**
	 * The answers of the try that is running, or of a new one. n8n asks for a chat model again for each
	 * item, and an agent that is the tool of another one may have the same model.
	 */
	openAnswers(subNode: SubNode): Answers {
		const { memory } = subNode;
		const running = this.answers.get(memory);
		const answers = running && !running.isOver ? running : new Answers(subNode);
		this.answers.set(memory, answers);
		answers.join();
		return answers;
	}
}

export const thisProcess = new ThisProcess();
