import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import type { Delivery } from './delivery';
import { validInput } from './inputValidation';
import { standIn } from './models/media';
import { versionOf, type ExamplePrediction, type SandboxModel } from './models/model';
import { isOutputFile, nameOfFile } from './models/replay';
import type { Surroundings } from './runLife';

/** When the owners of the sandbox's own models made their examples. */
const MADE_AT = '2026-01-01T00:00:00.000Z';
const ID_LENGTH = 26;

/**
 * The examples that the pages of models show. Their files stay: those of a real model are stand-ins of
 * the same type, and a model that runs here has really made its own.
 */
export class Examples {
	private readonly made = new Map<SandboxModel, Promise<ExamplePrediction | null>>();

	constructor(private readonly around: Pick<Surroundings, 'files' | 'delivery' | 'language'>) {}

	/** A model's example as the API has it, or `null`. */
	async of(model: SandboxModel): Promise<ExamplePrediction | null> {
		const made = this.made.get(model) ?? this.make(model);
		this.made.set(model, made);
		return await made;
	}

	private async make(model: SandboxModel): Promise<ExamplePrediction | null> {
		const { details, exampleInput } = model;
		if (exampleInput) return await this.run(model, exampleInput);
		const example = details?.example ?? null;
		return example && { ...example, output: withFiles(example.output, this.around.delivery) };
	}

	private async run(
		model: SandboxModel,
		input: Record<string, unknown>,
	): Promise<ExamplePrediction> {
		const { owner, name, official } = model;
		const { files, delivery, language } = this.around;
		const metrics: Record<string, number> = { predict_time: 1.5, total_time: 1.6 };
		const logs: string[] = [];
		const output = await model.run({
			input: validInput(model, input),
			fetchFile: async (address) => await files.fetch(address, owner),
			deliver: async (bytes, file) =>
				await Promise.resolve(delivery.promise(file, async () => await Promise.resolve(bytes))),
			deliverToOwner: () => {
				throw new Error('An example is public');
			},
			setOutput: () => undefined,
			log: (line) => logs.push(line),
			metric: (metric, value) => (metrics[metric] = value),
			scriptedAnswer: async () => await Promise.resolve(undefined),
			language,
			signal: new AbortController().signal,
		});
		const id = createHash('sha256').update(`example ${owner}/${name}`).digest('hex');
		return {
			id: id.slice(0, ID_LENGTH),
			model: `${owner}/${name}`,
			version: official ? 'hidden' : versionOf(model),
			input,
			output,
			status: 'succeeded',
			error: null,
			logs: logs.join('\n'),
			metrics,
			data_removed: false,
			created_at: MADE_AT,
			started_at: MADE_AT,
			completed_at: MADE_AT,
		};
	}
}

/** The value with every file address in it replaced by that of a stand-in of the same type. */
function withFiles(value: unknown, delivery: Delivery): unknown {
	if (typeof value === 'string') {
		if (!isOutputFile(value)) return value;
		const name = nameOfFile(value);
		return delivery.promise(name, async () => await standIn(extname(name), name));
	}
	if (Array.isArray(value)) return value.map((member) => withFiles(member, delivery));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, member]) => [key, withFiles(member, delivery)]),
	);
}
