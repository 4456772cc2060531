import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	IWebhookFunctions,
} from 'n8n-workflow';
import { NodeRun } from '../../../nodes/host/nodeRun';
import type { RunStop } from '../../../nodes/host/stop';
import type { Entry } from '../../../nodes/jobs/ledger/ledgerState';
import type { Awaited } from '../../../nodes/jobs/callback/earlyResults';
import { RunJobs } from '../../../nodes/jobs/runJobs';
import { FakeAccount } from '../fakeAccount';

let executions = 0;

/** How an item waits, unless a test says otherwise. */
export const AWAITED: Awaited = {
	timeoutSeconds: 600,
	onTimeout: 'cancel',
	deleteUploads: false,
	output: {
		downloadFiles: false,
		binaryField: 'data',
		simplify: true,
		outputItems: 'perPrediction',
		outputHosts: [],
	},
};

/** As much of n8n as a run of the node needs that has created predictions, and what came of it. */
export class FakeN8n {
	readonly account = new FakeAccount();
	readonly memory: IDataObject = {};
	readonly executionId = `execution ${executions++}`;
	readonly inputs: INodeExecutionData[];
	readonly controller = new AbortController();
	/** Until when n8n was asked to let the execution wait. */
	waitsTill?: Date;
	isStoppedByUser = false;
	node = {
		name: 'Replicate',
		type: 'replicate',
		typeVersion: 1,
		parameters: {},
	} as Partial<INode> as INode;

	constructor(items = 2) {
		this.inputs = Array.from({ length: items }, (_, n) => ({
			json: { row: n },
			binary: { photo: { data: '', mimeType: 'image/png' } },
		}));
	}

	/** The jobs of a run whose items have these creates. */
	async run(entries: Array<Partial<Entry>>, awaited: Record<number, Partial<Awaited>> = {}) {
		const stop: RunStop = {
			signal: this.controller.signal,
			byUser: () => this.isStoppedByUser,
			stop: () => this.controller.abort(),
			release: () => undefined,
		};
		const jobs = new RunJobs(await NodeRun.start(this.executeContext(), stop));
		for (const [index, more] of entries.entries()) {
			const { item = index, from = 1_000 + index } = more;
			const intention = {
				key: `key ${index}`,
				item,
				fingerprint: 'f',
				kind: 'prediction',
			} as const;
			jobs.ledger.intend(intention).intended(from);
			const { id = `p${index}` } = more;
			const state = 'id' in more && !more.id ? 'unknown' : 'created';
			const defaults = { state, status: 'processing', id } as const;
			Object.assign(jobs.ledger.of(item)!, defaults, more);
		}
		for (const [index, more] of Object.entries(awaited)) {
			jobs.awaited.set(Number(index), { ...AWAITED, ...more });
		}
		return jobs;
	}

	/** What a node is given that a callback reaches, and what its caller gets. */
	webhook(request: object) {
		const answers: Array<{ status: number; json: unknown }> = [];
		const asked: string[] = [];
		const context = {
			...this.shared(),
			getRequestObject: () => request,
			getResponseObject: () => ({
				status: (status: number) => ({
					json: (json: unknown) => answers.push({ status, json }),
				}),
			}),
			evaluateExpression: (expression: string) => {
				asked.push(expression);
				return expression.includes('$input') ? this.inputs : this.memory.suspended;
			},
		};
		return { context: context as unknown as IWebhookFunctions, answers, asked };
	}

	private executeContext(): IExecuteFunctions {
		const context = {
			...this.shared(),
			getContext: () => this.memory,
			getWorkflowDataProxy: () => ({ $runIndex: 0 }),
			getInputData: () => this.inputs,
			putExecutionToWait: async (till: Date) => {
				this.waitsTill = till;
				await Promise.resolve();
			},
		};
		return context as unknown as IExecuteFunctions;
	}

	private shared() {
		return {
			getNode: () => this.node,
			getExecutionId: () => this.executionId,
			getCredentials: async () =>
				await Promise.resolve({
					// An account of its own: what is known of one is kept for all executions.
					apiToken: `r8_${this.executionId.replace(' ', '_')}`,
					baseUrl: 'https://replicate.test/v1',
				}),
			// The edition's transport is taken from here; see `transports/edition` in each test.
			helpers: { transport: this.account.transport },
		};
	}
}
