import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { moneyOptions } from './bill';
import type { Chance } from './chance';
import type { Store } from './contexts';
import type { Script } from './execution';

/** Bytes of a file that goes inside a request, and of one that is uploaded. */
const SMALL = 300;
const LARGE = 3_000;
/** Files up to this size go inside requests, in bytes. */
const INLINE_BYTES = 1_000;

/** What an execution of a history does: its node, its items, and what n8n and its builder do to it. */
export function scriptOf(chance: Chance, name: string, store: Store): Script {
	const pick: Chance['pick'] = (key, ...choices) => chance.pick(`${name} ${key}`, ...choices);
	const happens = (key: string, probability: number) =>
		chance.happens(`${name} ${key}`, probability);
	const isChain = happens('is a chain', 0.12);
	const items = chance.between(`${name} items`, 1, 3);
	const passes = pick('passes', [85, 1], [10, 2], [5, 3]);
	// Two executions with the same label have equal inputs.
	const label = pick('label', [6, name], [4, 'equal']);
	const areEqual = happens('items are equal', 0.25);
	const file = pick<'none' | 'small' | 'large'>('file', [70, 'none'], [10, 'small'], [20, 'large']);
	const timeout = pick('time limit', [4, 60], [3, 600], [3, 20], [2, 8]);
	const base = {
		name,
		beginsMs: chance.between(`${name} begins`, 0, 20_000),
		process: chance.between(`${name} process`, 0, 1),
		tries: pick('tries', [55, 1], [20, 2], [20, 3], [5, 5]),
		pauseMs: pick('pause', [3, 1_000], [1, 5_000], [1, 1]),
		onError: pick<Script['onError']>(
			'on error',
			[5, 'stopWorkflow'],
			[4, 'continueRegularOutput'],
			[1, 'continueErrorOutput'],
		),
		stopsMs: happens('is stopped', 0.12) ? chance.between(`${name} stops`, 1, 40_000) : undefined,
		retriedMs: happens('is retried', 0.3)
			? pick('retried after', [2, 5_000], [1, 90_000], [1, 400_000])
			: undefined,
		passes: Array.from({ length: passes }, (_pass, pass) =>
			Array.from({ length: items }, (_item, n): INodeExecutionData => {
				const json = { label: [label, pass, areEqual ? 0 : n].join('/') };
				if (file === 'none' || isChain) return { json };
				return {
					json,
					binary: { data: stored(store, json.label, file === 'small' ? SMALL : LARGE) },
				};
			}),
		),
	};
	if (isChain) {
		return {
			...base,
			onError: 'stopWorkflow',
			chain: {
				concurrency: pick('concurrency', [1, 1], [2, 3]),
				refuses: (id) => chance.happens(`${name} refuses ${id}`, 0.2),
			},
			parameters: {
				model: 'acme/chat',
				options: {
					timeout,
					maxPredictions: pick<number | undefined>('limit', [9, undefined], [1, 4]),
				},
			},
		};
	}
	return { ...base, parameters: jobParameters(pick, happens, file, timeout) };
}

function jobParameters(
	pick: Chance['pick'],
	happens: (key: string, probability: number) => boolean,
	file: 'none' | 'small' | 'large',
	timeout: number,
): Record<string, unknown> {
	return {
		resource: 'prediction',
		operation: 'run',
		target: 'model',
		model: file === 'none' ? 'acme/words' : 'acme/pictures',
		inputJson: ({ json }: INodeExecutionData) => JSON.stringify({ label: json.label }),
		waitFor: pick('waits for', [6, 'result'], [4, 'callback'], [1, 'nothing']),
		options: {
			timeout,
			onTimeout: happens('leaves', 0.25) ? 'leave' : 'cancel',
			concurrency: pick('concurrency', [4, 5], [2, 1], [1, 2]),
			maxPredictions: pick<number | undefined>('limit', [8, undefined], [1, 2], [1, 4]),
			reuse: happens('reuses', 0.2) ? 'sameInput' : 'never',
			deleteUploads: file === 'large' && happens('deletes uploads', 0.5),
			dataUriMaxBytes: INLINE_BYTES,
			...moneyOptions(pick),
			fallbackModels: happens('has a fallback', 0.25)
				? { values: [{ model: 'acme/spare', inputJson: '' }] }
				: {},
		},
	};
}

/** A file in n8n's store; the same content wherever the label is the same. */
function stored(store: Store, label: string, bytes: number): IBinaryData {
	return store.put(`${label.replaceAll('/', '-')}`, Buffer.alloc(bytes, label));
}
