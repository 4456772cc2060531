import type { Delivery } from './delivery';
import type { FileAccess } from './fileAccess';
import type { Language } from './language';
import type { RunContext } from './models/model';
import type { OutputFiles } from './outputFiles';
import type { Retention } from './retention';
import { isPending, type SandboxPrediction } from './run';
import type { WebhookEvent } from './webhooks';

/** What runs work with. */
export interface Surroundings {
	files: FileAccess;
	delivery: Delivery;
	outputFiles: OutputFiles;
	retention: Retention;
	language: Language;
	now: () => number;
	/** Told of each event of a run. */
	onEvent: (event: WebhookEvent, run: SandboxPrediction) => void;
}

/** What a run begins with. */
export interface Beginning {
	/** With the schema's defaults, as the model sees it. */
	effective: Record<string, unknown>;
	cancelAfterMs?: number;
	/** Starts its machine. */
	boot: (signal: AbortSignal) => Promise<unknown>;
}

/** Starts the machine, runs the model, and ends the run in whatever way it ends. */
export async function live(
	run: SandboxPrediction,
	around: Surroundings,
	{ effective, cancelAfterMs, boot }: Beginning,
): Promise<void> {
	const stop = new AbortController();
	const { signal } = stop;
	const end = (status: SandboxPrediction['status']) => {
		run.status = status;
		run.completedAt = around.now();
		if (status !== 'succeeded') {
			run.written = run.output;
			run.output = null;
		}
		around.onEvent('completed', run);
	};
	const stopAs = (status: 'canceled' | 'aborted') => {
		if (!isPending(run)) return;
		end(status);
		stop.abort();
	};
	run.cancel = () => stopAs('canceled');
	// One that has not begun is aborted, one that runs is canceled (changelog 2025-10-16).
	const onDeadline = () => stopAs(run.status === 'starting' ? 'aborted' : 'canceled');
	const timer = cancelAfterMs === undefined ? undefined : setTimeout(onDeadline, cancelAfterMs);
	// A machine that a test holds must not hold the process.
	timer?.unref();
	try {
		await boot(signal);
		signal.throwIfAborted();
		run.status = 'processing';
		run.startedAt = around.now();
		around.onEvent('start', run);
		const output = await run.model.run(contextOf(run, around, effective, signal));
		if (!isPending(run)) return;
		run.output = output;
		end('succeeded');
	} catch (error) {
		if (!isPending(run)) return;
		run.error = (error as Error).message;
		end('failed');
	} finally {
		clearTimeout(timer);
	}
}

/** What its model can do. */
function contextOf(
	run: SandboxPrediction,
	{ files, delivery, outputFiles, language, onEvent }: Surroundings,
	input: Record<string, unknown>,
	signal: AbortSignal,
): RunContext {
	const { owner, model } = run;
	return {
		input,
		fetchFile: async (address) => await files.fetch(address, owner),
		deliver: async (bytes, name) => await delivery.deliver(bytes, name),
		deliverToOwner: (bytes, name, redirectTo) => outputFiles.add(owner, name, bytes, redirectTo),
		setOutput: (partial) => {
			run.output = partial;
			onEvent('output', run);
		},
		log: (line) => {
			run.logs += `${line}\n`;
			onEvent('logs', run);
		},
		metric: (name, value) => {
			run.metrics[name] = value;
		},
		scriptedAnswer: async () => await language.next(`${model.owner}/${model.name}`, input),
		language,
		signal,
	};
}
