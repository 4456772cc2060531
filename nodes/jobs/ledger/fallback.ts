import { wordsOf } from '../../fields/advice';
import type { Item, ItemResult } from '../../host/item';
import type { FailureCode } from '../../shared/api/errorFacts';
import { ReplicateError, withDetails } from '../../shared/api/errors';
import type { JsonObject } from '../../shared/api/json';
import type { Plan } from '../input/plan';
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
