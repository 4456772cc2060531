import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxModel } from './model';

/** Takes as long as it is told, and logs its progress as tqdm does. */
export const slow: SandboxModel = {
	owner: 'sandbox',
	name: 'slow',
	description: 'Takes its time',
	official: false,
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			properties: {
				seconds: {
					type: 'number',
					title: 'Seconds',
					default: 5,
					minimum: 0,
					maximum: 3600,
					'x-order': 0,
				},
				label: { type: 'string', title: 'Label', default: '', 'x-order': 1 },
			},
		},
		Output: { type: 'string', title: 'Output' },
	},
	async run({ input, log, signal }) {
		const seconds = Number(input.seconds);
		for (let step = 1; step <= 10; step++) {
			await sleep(seconds * 100, undefined, { signal });
			log(`${step * 10}%|${'#'.repeat(step).padEnd(10)}| ${step}/10`);
		}
		return `done after ${seconds} s ${String(input.label)}`.trim();
	},
};
