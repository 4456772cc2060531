import type { INode, INodeExecutionData } from 'n8n-workflow';
import type { Process } from './processes';

/** How one execution of a workflow goes, as far as its builder and n8n decide it. */
export interface Script {
	name: string;
	/** When it begins, in ms. */
	beginsMs: number;
	/** In which process of n8n. */
	process: number;
	/** The node's parameters; a function stands for an expression. */
	parameters: Record<string, unknown>;
	onError: NonNullable<INode['onError']>;
	/** n8n's Retry On Fail, with the pause in ms. */
	tries: number;
	pauseMs: number;
	/** The items of each pass of a loop. */
	passes: INodeExecutionData[][];
	/** When somebody stops it, in ms after its beginning. */
	stopsMs?: number;
	/** How long after a failure somebody presses Retry, in ms. */
	retriedMs?: number;
	/** How a chain asks a chat model, where it is one. */
	chain?: ChainScript;
}

export interface ChainScript {
	/** How many items it asks at a time. */
	concurrency: number;
	/** Whether its parser refuses this answer, whenever it gets it. */
	refuses: (id: string) => boolean;
}

/** How one pass of an execution over its items ended. */
export interface PassEnd {
	at: number;
	pass: number;
	/** What continued the workflow. */
	by: 'node' | 'callback' | 'timer';
	items: INodeExecutionData[];
	error?: NodeError;
	hints: string[];
	/** What each prediction's state was then, by its id. */
	states: ReadonlyMap<string, string>;
}

/** n8n's error of a node, as the execution keeps it. */
export interface NodeError {
	message: string;
	description?: string | null;
	context?: { created?: Created[] };
}

export interface Created {
	item: number;
	id?: string;
	state: string;
	status?: string;
	possibleIds?: string[];
}

/** An execution, as n8n's database and its process know it. */
export class Execution {
	/** `dropped`: n8n keeps nothing of it any more, because it was stopped or its process died. */
	status: 'running' | 'waiting' | 'ended' | 'dropped' = 'running';
	/** What n8n keeps for the node. */
	memory: Record<string, unknown> = {};
	pass = 0;
	/** What n8n has written down while it waits. */
	saved?: string;
	readonly stop = new AbortController();
	readonly ends: PassEnd[] = [];
	hints: string[] = [];
	/** Callbacks that were taken while it waited, each in its pass. */
	readonly taken: Array<{ pass: number; predictionId: string; at: number }> = [];
	/** Which process a callback has continued each pass in. */
	readonly continuedIn = new Map<number, Process>();
	/** Passes that were to be continued while a later one waited. */
	readonly overrun: number[] = [];
	/** When it began to wait, by its passes, in ms. */
	readonly waitsFrom = new Map<number, number>();
	/** Whether its parser got an answer for the first time, and refused it; in their order. */
	readonly refusals: Array<{ id: string; isNew: boolean }> = [];
	/** The answers that its chain was given. */
	readonly given: Set<string>;
	/** The name of the process that last ran it. */
	process = '';
	/** When each try began and ended, in ms. */
	readonly tries: Array<{ from: number; to?: number }> = [];
	/** Those of which it is the Retry. */
	readonly chain: string[];
	private readonly passes: INodeExecutionData[][];

	constructor(
		readonly id: string,
		readonly script: Script,
		readonly retryOf?: Execution,
	) {
		this.given = new Set(retryOf?.given);
		this.chain = [...(retryOf?.chain ?? []), id];
		// The node may change its input items, and those of a Retry are read from the database.
		this.passes = copied(script.passes);
	}

	get inputs(): INodeExecutionData[] {
		return this.passes[this.pass]!;
	}

	readonly resumeUrl = () => `https://n8n.example.com/webhook-waiting/${this.id}?signature=abc`;
}

/** A copy as n8n's database makes it. */
export function copied<T>(value: T): T {
	return JSON.parse(JSON.stringify(value)) as T;
}
