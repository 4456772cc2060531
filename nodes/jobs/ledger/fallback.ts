import { wordsOf } from '../../fields/advice';
import { fallbackModels, MAX_FALLBACKS } from '../../fields/fallback';
import { ParameterError } from '../../fields/parameterError';
import type { Item, ItemResult } from '../../host/item';
import type { FailureCode } from '../../shared/api/errorFacts';
import { ReplicateError, withDetails } from '../../shared/api/errors';
import { isNested, shown, textOf, type JsonObject } from '../../shared/api/json';
import { readFallbackInput, readAssignments } from '../input/input';
import { planOf, type Plan } from '../input/plan';
import type { Settings } from '../input/settings';
import type { Ledger } from './ledger';
import type { Entry } from './ledgerState';

/**
 * Failures that say nothing of the input: the model, or the vendor behind it, is out of service. After
 * any other, another model would fail as well, or give what the safety check has refused.
 */
const OUT_OF_SERVICE: ReadonlySet<FailureCode | undefined> = new Set<FailureCode>([
	'healthCheckFailed',
	'interrupted',
	'startTimedOut',
	'vendorKeyRefused',
	'vendorNoCredit',
	'vendorThrottled',
	'vendorUnavailable',
]);

/**
 * What the item runs instead where its model is out of service: read and checked like the model's own
 * input, before anything is sent.
 *
 * @throws InputError for a model or an input that cannot run
 */
export async function fallbackPlans(item: Item, settings: Settings): Promise<Plan[]> {
	if (settings.waitFor !== 'result') return [];
	const plans: Plan[] = [];
	for (const row of rowsOf(item)) {
		plans.push(await fallbackPlan(item, settings, row).catch(inFallback(row.model)));
	}
	return plans;
}

interface Row {
	model: string;
	inputJson: unknown;
}

function rowsOf(item: Item): Row[] {
	const given = fallbackModels.read(item);
	const rows: unknown = isNested(given) ? (given.values ?? []) : [];
	if (!Array.isArray(rows) || !rows.every(isNested)) {
		throw new ParameterError(
			`${fallbackModels.label} must be a list of models, and is ${shown(rows)}`,
			'Add the models in the panel. In an expression, write them like {{ { "values": [{ "model": "owner/name" }] } }}.',
		);
	}
	if (rows.length > MAX_FALLBACKS) {
		throw new ParameterError(
			`${fallbackModels.label} takes up to ${MAX_FALLBACKS} models, and has ${rows.length}`,
		);
	}
	return rows.map(({ model, inputJson }) => ({ model: textOf(model).trim(), inputJson }));
}

async function fallbackPlan(item: Item, settings: Settings, row: Row): Promise<Plan> {
	const model = await item.run.models.runnable(row.model);
	const given = readFallbackInput(item, model.inputs, row.inputJson);
	const isOwn = (name: string) => !model.inputs || model.inputs.some((one) => one.name === name);
	const assignments = readAssignments(item).filter(({ input }) => isOwn(input));
	return await planOf(item, model, settings, given, assignments);
}

function inFallback(model: string): (error: unknown) => never {
	return (error) => {
		if (!(error instanceof ReplicateError) || error.code === 'stopped') throw error;
		const { message, description } = wordsOf(error);
		const which = model === '' ? fallbackModels.label : `${fallbackModels.label}, ${model}`;
		throw new ParameterError(`${which}: ${message}`, description);
	};
}

/**
 * Runs an item's plans in turn until one does not fail because its model is out of service. A later
 * try of the same run goes on with the plan that the earlier one has come to.
 *
 * @returns the items, each with `modelsTried` where the first model did not run
 * @throws whatever the last plan throws
 */
export async function firstInService(
	item: Item,
	ledger: Ledger,
	plans: Plan[],
	run: (plan: Plan) => Promise<ItemResult[]>,
): Promise<ItemResult[]> {
	const tried: JsonObject[] = [];
	for (let at = firstPlan(ledger.of(item.index), plans); ; at++) {
		const plan = plans[at]!;
		try {
			const items = await run(plan);
			if (tried.length === 0) return items;
			return items.map((one) => ({ ...one, json: { ...one.json, modelsTried: tried } }));
		} catch (error) {
			const isLast = at === plans.length - 1;
			if (isLast || item.signal.aborted || !isOutOfService(error)) throw withTried(error, tried);
			tried.push(triedJson(plan, error));
		}
	}
}

/** The plan that an earlier try of the run has a prediction of that runs or has succeeded. */
function firstPlan(earlier: Entry | undefined, plans: Plan[]): number {
	if (!earlier || (earlier.state === 'ended' && earlier.status !== 'succeeded')) return 0;
	return Math.max(
		plans.findIndex(({ fingerprint }) => fingerprint === earlier.fingerprint),
		0,
	);
}

function isOutOfService(error: unknown): error is ReplicateError {
	if (!(error instanceof ReplicateError)) return false;
	const { facts } = error;
	return facts.code === 'runFailed' && OUT_OF_SERVICE.has(facts.failure);
}

function triedJson({ model }: Plan, error: ReplicateError): JsonObject {
	const { predictionId = null } = error.details;
	return { model: model.name ?? model.version, predictionId, error: wordsOf(error).message };
}

function withTried(error: unknown, tried: JsonObject[]): unknown {
	if (!(error instanceof ReplicateError) || tried.length === 0) return error;
	return withDetails(error, { modelsTried: tried });
}
