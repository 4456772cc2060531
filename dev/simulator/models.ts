import type { RunContext, SandboxModel } from '../sandbox/models/model';

/** How a prediction of a history goes, whatever its input. */
export interface Fate {
	/** How long its model takes, in ms. */
	runMs: number;
	/** What it counts beside its time. */
	counts: Record<string, number>;
	end: 'text' | 'file' | 'failed' | 'outOfService';
}

/** What a vendor's model says that is out of service, in Replicate's words. */
const OUT_OF_SERVICE = 'The service is currently unavailable due to high demand (E003)';

const text = { type: 'string' };
const output = { title: 'Output', anyOf: [text, { type: 'string', format: 'uri' }] };

function model(
	name: string,
	more: Record<string, object> = {},
	required: string[] = [],
): SandboxModel {
	const properties = Object.fromEntries(
		Object.entries({ label: text, ...more }).map(([input, schema], order) => [
			input,
			{ title: input, 'x-order': order, ...schema },
		]),
	);
	return {
		owner: 'acme',
		name,
		description: name,
		official: true,
		schemas: { Input: { type: 'object', title: 'Input', properties, required }, Output: output },
		run: async () => await Promise.reject(new Error('Each prediction has a fate of its own')),
	};
}

const prompts = { prompt: text, system_prompt: text };

/** What is run in histories. */
export const MODELS: SandboxModel[] = [
	model('words'),
	// The item's only file fills what the model needs.
	model('pictures', { image: { type: 'string', format: 'uri' } }, ['image']),
	model('spare', { image: { type: 'string', format: 'uri' } }),
	{
		...model('chat', prompts),
		schemas: {
			...model('chat', prompts).schemas,
			Output: { type: 'string', title: 'Output' },
		},
	},
];

/** Runs a model as its fate is. It reads its file when it begins, as a real one does. */
export async function meet(
	fate: Fate,
	{ input, fetchFile, deliver, metric }: RunContext,
	sleep: () => Promise<void>,
): Promise<unknown> {
	if (typeof input.image === 'string') await fetchFile(input.image);
	await sleep();
	for (const [name, count] of Object.entries(fate.counts)) metric(name, count);
	if (fate.end === 'failed') throw new Error('The model could not do it');
	if (fate.end === 'outOfService') throw new Error(OUT_OF_SERVICE);
	if (fate.end === 'text') return `done ${String(input.label ?? input.prompt)}`;
	return await deliver(Buffer.from('a result'), 'result.bin');
}
