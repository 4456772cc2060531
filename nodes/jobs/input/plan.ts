import { wordsOf } from '../../fields/advice';
import { fallbackModels } from '../../fields/fallback';
import { ParameterError } from '../../fields/parameterError';
import type { Item } from '../../host/item';
import { ReplicateError } from '../../shared/api/errors';
import type { InputObject } from '../../shared/api/json';
import { findFileInputs, type FileAssignment, type FileInput } from '../../shared/files/inputs';
import type { RunnableModel } from '../../shared/models/models';
import { fingerprintOf } from '../../shared/predictions/fingerprint';
import { assertComplete } from '../../shared/schema/values';
import { assertResumable, assertWebhookUrl } from '../../shared/webhooks/address';
import { readInput } from './input';
import { readAssignments, readFallbacks, type FallbackRow } from './rows';
import type { JobSettings, Settings } from './settings';

/** What is to be created, with everything read and checked. */
export interface JobPlan {
	model: RunnableModel;
	settings: JobSettings;
	input: InputObject;
	files: FileInput[];
	/** Tells it from other plans, see `fingerprintOf`. */
	fingerprint: string;
}

/** What one item is to run. */
export interface Plan extends JobPlan {
	settings: Settings;
	/** What the builder should know, though it stops nothing. */
	warnings: string[];
}

/**
 * What an item is to run, and what instead, in turn, where its model is out of service. All is read and
 * checked before anything is sent.
 *
 * @throws InputError for a model or an input that cannot run
 * @throws ApiError   for a fallback's model that Replicate does not know
 */
export async function readPlans(
	item: Item,
	model: RunnableModel,
	settings: Settings,
): Promise<Plan[]> {
	const rows = readAssignments(item);
	const fallbacks = settings.waitFor === 'result' ? readFallbacks(item) : [];
	const plans: Plan[] = [];
	for (const fallback of [undefined, ...fallbacks]) {
		const plan = async () => {
			const its = fallback ? await item.run.models.runnable(fallback.model) : model;
			return await planOf(item, its, settings, rows, fallback);
		};
		plans.push(await (fallback ? plan().catch(inFallback(fallback)) : plan()));
	}
	return plans;
}

function inFallback({ model }: FallbackRow): (error: unknown) => never {
	return (error) => {
		if (!(error instanceof ReplicateError) || error.code === 'stopped') throw error;
		const { message, description } = wordsOf(error);
		const which = model === '' ? fallbackModels.label : `${fallbackModels.label}, ${model}`;
		throw new ParameterError(`${which}: ${message}`, description);
	};
}

async function planOf(
	item: Item,
	model: RunnableModel,
	settings: Settings,
	rows: FileAssignment[],
	fallback?: FallbackRow,
): Promise<Plan> {
	const { inputs } = model;
	const { waitFor, webhook } = settings;
	const { files: itemFiles, client } = item;
	const { input, warnings } = readInput(item, inputs, fallback);
	if (webhook && waitFor === 'callback') assertResumable(webhook.url, client.baseUrl);
	else if (webhook) assertWebhookUrl(webhook.url, client.baseUrl);
	// A fallback's model may not have all inputs that files are given to.
	const isOwn = (name: string) => !fallback || !inputs || inputs.some((one) => one.name === name);
	const assigned = rows.filter((row) => isOwn(row.input));
	const files = await findFileInputs(input, assigned, inputs, itemFiles);
	const filled = files.map((file) => file.input);
	assertComplete(inputs ?? [], input, filled, itemFiles.names, itemFiles.broken);
	const fingerprint = await fingerprintOf(model, input, files);
	return { model, settings, input, files, warnings, fingerprint };
}
