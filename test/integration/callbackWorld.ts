import type { INodeExecutionData, INodeParameters, IRun } from 'n8n-workflow';
import { itemsOf } from '../../dev/engine/engine';
import type { SandboxPrediction } from '../../dev/sandbox/predictions';
import type { Sandbox } from '../../dev/sandbox/server';
import { NODE, runModel } from './world';

/** Items whose predictions end as soon as their machines start. */
export function numbered(count: number): INodeExecutionData[] {
	return Array.from({ length: count }, (_, n) => ({ json: { n, seconds: 0 } }));
}

/** A run that waits for callbacks, with each item's number as the label of its prediction. */
export function callbackRun(more: INodeParameters = {}): INodeParameters {
	return runModel('sandbox/slow', {
		waitFor: 'callback',
		inputJson: '={{ { seconds: $json.seconds, label: "item " + $json.n } }}',
		...more,
	});
}

/** The number of the item that a prediction is for. */
export function numberOf({ input }: SandboxPrediction): number {
	return Number(String(input.label).split(' ')[1]);
}

export function textsOf(run: IRun): unknown[] {
	return itemsOf(run, NODE).map(({ json }) => json.text ?? json.error);
}

export function texts(count: number): string[] {
	return Array.from({ length: count }, (_, n) => `done after 0 s item ${n}`);
}

/**
 * Lets no prediction start until it is told to.
 *
 * @returns starts those that are held, and does not hold the next
 */
export function holdPredictions({ predictions }: Sandbox): () => void {
	let start!: () => void;
	const gate = new Promise<void>((resolve) => (start = resolve));
	predictions.boot = async () => await gate;
	return start;
}

/** Lets the predictions of chosen items run on, while all others end. */
export function holdItems({ predictions }: Sandbox, ...numbers: number[]): () => void {
	let start!: () => void;
	const gate = new Promise<void>((resolve) => (start = resolve));
	const held = new Set(numbers);
	let created = 0;
	// Machines start in the order of the creates, which is that of the items with Concurrency 1.
	predictions.boot = async () => (held.has(created++) ? await gate : undefined);
	return start;
}
