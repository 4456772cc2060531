import type { IBinaryKeyData } from 'n8n-workflow';
import type { ParameterSource } from '../fields/field';
import type { ReplicateClient } from '../shared/api/client';
import { now } from '../shared/api/clock';
import type { JsonObject } from '../shared/api/json';
import type { ItemFiles } from '../shared/files/inputs';
import { itemFilesOf } from './itemFiles';
import type { NodeRun } from './nodeRun';

/** What an operation makes of one item. */
export interface ItemResult {
	json: JsonObject;
	binary?: IBinaryKeyData;
}

/** One item of a run of the node: its parameters, its files, and what it has to say. */
export class Item implements ParameterSource {
	private readonly startedAt = now();

	constructor(
		readonly run: NodeRun,
		/** Its place among the run's items, from 0. */
		readonly index: number,
	) {}

	/** Replicate's API, for the node's credential. */
	get client(): ReplicateClient {
		return this.run.host.client;
	}

	/** Aborted when the user stops the workflow, or one item's error ends the whole node. */
	get signal(): AbortSignal {
		return this.run.signal;
	}

	/** When the time of this item is up, in ms, for a time limit in s that counts from its start. */
	deadline(timeoutSeconds: number): number {
		return this.startedAt + timeoutSeconds * 1_000;
	}

	parameter(name: string, fallback: unknown, options?: { extractValue?: boolean }): unknown {
		return this.run.parameters.get(name, this.index, fallback, options);
	}

	get files(): ItemFiles {
		const { store, client } = this.run.host;
		return itemFilesOf(this.run.context.getInputData()[this.index], store, client.baseUrl);
	}

	/** The JSON that came with it. */
	get json(): JsonObject {
		return (this.run.context.getInputData()[this.index]?.json ?? {}) as JsonObject;
	}

	/** Tells the builder something that stops nothing, in the output panel. */
	warn(messages: string[]): void {
		for (const message of messages) this.run.warn(this.index, message);
	}

	/** Passes on a part of the item's answer to whoever watches it grow, as in a chat. */
	async sendChunk(type: 'begin' | 'item' | 'end', text?: string): Promise<void> {
		// n8n says that it gives nothing, and gives a promise of its hooks.
		await (this.run.context.sendChunk(type, this.index, text) as unknown);
	}
}
