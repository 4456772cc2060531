import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { openTransport } from '../../../transports/edition';
import { ReplicateClient, type ReplicateCredential } from '../../shared/api/client';
import { InputError } from '../../shared/api/errors';
import { isTooDeep, shown, stringifyJson } from '../../shared/api/json';
import type { Prediction } from '../../shared/api/types';
import { binaryBytes, isBinaryObject, type BinaryStore } from '../../shared/files/binaryFile';
import type { ItemFiles } from '../../shared/files/inputs';
import { Uploads } from '../../shared/files/uploads';
import type { DownloadOptions, KeepBinary } from '../../shared/outputs/request';
import { egressRefusal } from '../../shared/outputs/egress';
import { Models } from '../../shared/models/models';
import { OwnCreates } from '../../shared/predictions/ownCreates';
import { progressText } from '../../shared/predictions/progress';
import { NodeParameters } from './nodeParameters';

/** One run of the node over all its items: n8n's side of it, and what the items share. */
export class NodeRun {
	/** Models and their schemas, read once per run. */
	readonly models: Models;
	/** Files that went up in this run, so that none goes up twice. */
	readonly uploads: Uploads;
	/** The creates of this run. */
	readonly creates = new OwnCreates();

	/** n8n's own rule for addresses that a model's output names. */
	readonly refusal: DownloadOptions['refusal'];

	private readonly parameters: NodeParameters;
	private readonly warnings = new Map<string, number[]>();

	private constructor(
		private readonly context: IExecuteFunctions,
		readonly client: ReplicateClient,
		/** Aborted when the user stops the workflow, or one item's error ends the whole node. */
		readonly signal: AbortSignal,
	) {
		this.refusal = egressRefusal(context.helpers);
		this.parameters = new NodeParameters(context);
		this.models = new Models(client, signal);
		this.uploads = new Uploads(client, async () => await this.fileSizes());
	}

	/** @throws InputError when the credential cannot be used */
	static async start(context: IExecuteFunctions, signal: AbortSignal): Promise<NodeRun> {
		const credential = await context.getCredentials<ReplicateCredential>('replicateApi');
		return new NodeRun(
			context,
			new ReplicateClient(credential, openTransport(context.helpers)),
			signal,
		);
	}

	/** The value of a parameter for one item, with expressions evaluated. */
	parameter<T>(name: string, itemIndex: number, fallback: T): T {
		return this.parameters.get(name, itemIndex, fallback) as T;
	}

	/** A parameter as text: an expression can give anything. */
	text(name: string, itemIndex: number, fallback = ''): string {
		return textOf(this.parameters.get(name, itemIndex, fallback));
	}

	/** Whether a parameter is on. An expression's "false" is off, too. */
	flag(name: string, itemIndex: number, fallback: boolean): boolean {
		const word = this.text(name, itemIndex, String(fallback)).trim().toLowerCase();
		return word === '' ? fallback : !['false', '0', 'null'].includes(word);
	}

	/**
	 * A parameter that is one of a list.
	 *
	 * @param choices the first is the usual one
	 * @throws InputError for any other value
	 */
	choice<T extends string>(name: string, itemIndex: number, choices: readonly [T, ...T[]]): T {
		const text = this.text(name, itemIndex, choices[0]);
		const chosen = text === '' ? choices[0] : choices.find((choice) => choice === text);
		if (chosen !== undefined) return chosen;
		const path = name.replace('options.', 'Options → ');
		throw new InputError(`${path} must be one of ${choices.join(', ')}, and is ${shown(text)}`);
	}

	/** What a resource locator points at, whichever way it was chosen. */
	located(name: string, itemIndex: number): string {
		return textOf(this.parameters.get(name, itemIndex, '', { extractValue: true }));
	}

	/** The files of one item. In n8n's combined binary mode they lie in the item's JSON. */
	itemFiles(itemIndex: number): ItemFiles {
		const fields = filesOf(this.context.getInputData()[itemIndex]);
		return {
			names: Object.keys(fields).filter((name) => !name.startsWith(COMBINED)),
			get: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
			store: this.store,
		};
	}

	/** Where Replicate can call to resume this execution. */
	get resumeUrl(): string {
		const { $execution } = this.context.getWorkflowDataProxy(0);
		return ($execution as { resumeUrl: string }).resumeUrl;
	}

	/** Shows how far a prediction is, in the browser's console of whoever runs it by hand. */
	showProgress(prediction: Prediction): void {
		const progress = progressText(prediction);
		if (progress !== '') this.context.sendMessageToUI?.(`${prediction.id}: ${progress}`);
	}

	/** Whether somebody watches the workflow's answer grow, as in a chat. */
	get isStreaming(): boolean {
		return this.context.isStreaming?.() ?? false;
	}

	/** Passes on a part of an item's answer. */
	sendChunk(type: 'begin' | 'item' | 'end', itemIndex: number, text?: string): void {
		this.context.sendChunk(type, itemIndex, text);
	}

	/** Tells the builder something that stops nothing, in the output panel. */
	warn(itemIndex: number, messages: string[]): void {
		for (const message of messages) {
			this.warnings.set(message, [...(this.warnings.get(message) ?? []), itemIndex]);
		}
	}

	/** Ends the run: removes uploads that were to be removed, and shows its warnings. */
	async end(): Promise<void> {
		await this.uploads.removeFinished();
		const hints = [...this.warnings].map(([message, items]) => ({
			message: items.length > 1 ? `${message} (${items.length} items)` : message,
			type: 'warning' as const,
			location: 'outputPane' as const,
		}));
		// Older versions of n8n have no hints.
		if (hints.length > 0) this.context.addExecutionHints?.(...hints);
	}

	/** n8n's binary store, for reading. */
	get store(): BinaryStore {
		return this.context.helpers as BinaryStore;
	}

	/** n8n's binary store, for writing. */
	get keep(): KeepBinary {
		const { helpers } = this.context;
		return async (bytes, fileName, mimeType) =>
			await helpers.prepareBinaryData(bytes, fileName, mimeType);
	}

	/** The sizes in bytes of all distinct files that this run's items carry. */
	private async fileSizes(): Promise<number[]> {
		const files = this.context.getInputData().flatMap((item) => Object.values(filesOf(item)));
		const distinct = new Map(files.map((file, index) => [file.id ?? index, file]));
		return await Promise.all(
			// What cannot be read is no file that is sent.
			[...distinct.values()].map(
				async (file) => await binaryBytes(file, this.store).catch(() => 0),
			),
		);
	}
}

/** A text as it is, nothing as an empty one, and anything else as JSON. */
export function textOf(value: unknown): string {
	if (value === null || value === undefined) return '';
	if (typeof value === 'string') return value;
	return isTooDeep(value) ? '' : stringifyJson(value);
}

/** How expressions of n8n's combined binary mode write a file's name. */
const COMBINED = '_files.';

/** An item's files by name: its binary fields, or in combined mode `_files.<name>` of its JSON. */
function filesOf(item: { binary?: object; json: object } | undefined): Record<string, IBinaryData> {
	const { _files: combined } = (item?.json ?? {}) as { _files?: unknown };
	// The JSON may be anybody's.
	const files = Object.entries(typeof combined === 'object' ? (combined ?? {}) : {}).filter(
		([, file]) => isBinaryObject(file),
	);
	const prefixed = files.map(([name, file]) => [COMBINED + name, file]);
	return {
		...Object.fromEntries(files),
		...Object.fromEntries(prefixed),
		...item?.binary,
	} as Record<string, IBinaryData>;
}
