import { versionOf } from './models/model';
import { isSpoken } from './models/speak';
import type { SandboxPrediction } from './run';

/** How the API shows runs, where the real one is not known, or shows less at times. */
export interface ShownOptions {
	/** How long after its creation a run is in the list, in ms of the sandbox's clock. */
	listLateMs?: (run: SandboxPrediction) => number;
	/** How long after its creation it can be read by its id. */
	getLateMs?: (run: SandboxPrediction) => number;
	/** What list entries have for their output; by default the output itself. */
	listedOutput?: 'null' | 'missing';
	/** What list entries have for their input. */
	listedInput?: 'empty' | 'missing';
	/** What list entries have for their deadline; by default it is as exact as the time of creation. */
	listedDeadline?: 'missing' | 'wholeSeconds';
	/** Shows the destination of a training. The API's documents have none before its output. */
	namesDestination?: boolean;
}

/** A run's place in the API. */
export interface Place {
	baseUrl: string;
	path: 'predictions' | 'trainings';
}

/** A prediction or training as the API shows it by its id. */
export function runJson(
	run: SandboxPrediction,
	{ baseUrl, path }: Place,
	shown: ShownOptions,
): Record<string, unknown> {
	const { id, model, completedAt, dataRemoved: isRemoved } = run;
	return {
		id,
		model: `${model.owner}/${model.name}`,
		version: model.official ? 'hidden' : versionOf(model),
		...(run.deployment ? { deployment: run.deployment } : {}),
		...(shown.namesDestination && run.destination ? { destination: run.destination } : {}),
		input: isRemoved ? {} : shownInput(run),
		logs: isRemoved ? null : run.logs,
		output: isRemoved ? null : run.output,
		data_removed: isRemoved,
		error: run.error,
		source: 'api',
		status: run.status,
		created_at: isoTime(run.createdAt),
		...(run.startedAt ? { started_at: isoTime(run.startedAt) } : {}),
		...(completedAt ? { completed_at: isoTime(completedAt), metrics: metrics(run) } : {}),
		...(run.deadline ? { deadline: isoTime(run.deadline) } : {}),
		urls: {
			cancel: `${baseUrl}/${path}/${id}/cancel`,
			get: `${baseUrl}/${path}/${id}`,
			...(isSpoken(model.schemas.Output) ? { stream: `${baseUrl}/streams/${id}` } : {}),
			web: `https://replicate.com/p/${id}`,
		},
	};
}

/** The same as an entry of a list. */
export function listedJson(
	run: SandboxPrediction,
	place: Place,
	shown: ShownOptions,
): Record<string, unknown> {
	const json = runJson(run, place, shown);
	if (shown.listedOutput === 'null') json.output = null;
	if (shown.listedOutput === 'missing') delete json.output;
	if (shown.listedInput === 'empty') json.input = {};
	if (shown.listedInput === 'missing') delete json.input;
	if (shown.listedDeadline === 'missing') delete json.deadline;
	if (shown.listedDeadline === 'wholeSeconds' && run.deadline) {
		json.deadline = isoTime(Math.floor(run.deadline / 1_000) * 1_000);
	}
	return json;
}

function metrics({ createdAt, startedAt, completedAt, metrics }: SandboxPrediction): object {
	const seconds = (from: number) => (completedAt! - from) / 1000;
	return {
		predict_time: seconds(startedAt ?? completedAt!),
		total_time: seconds(createdAt),
		...metrics,
	};
}

/**
 * The input as it is kept: without data URIs (OpenAPI document, `input`), and without the values of
 * secrets (docs, secrets).
 */
function shownInput({ input, model }: SandboxPrediction): Record<string, unknown> {
	const { properties = {} } = model.schemas.Input as { properties?: Record<string, Property> };
	const isDataUri = (value: unknown) => typeof value === 'string' && value.startsWith('data:');
	return Object.fromEntries(
		Object.entries(input)
			.filter(([, value]) => !isDataUri(value) && !(Array.isArray(value) && value.some(isDataUri)))
			.map(([name, value]) => [name, properties[name]?.['x-cog-secret'] ? '[REDACTED]' : value]),
	);
}

interface Property {
	'x-cog-secret'?: boolean;
}

function isoTime(ms: number): string {
	return new Date(ms).toISOString();
}
