import type { ItemOutcome } from '../../host/outcome';
import { isNested } from '../../shared/api/json';
import type { Ledger } from './ledger';
import type { Entry } from './ledgerState';

const EXAMPLE_USED =
	'This is the example from the model’s page. Nothing was created or paid. Executions that a trigger starts create predictions.';

/** How many IDs a hint names. */
const MAX_NAMED = 10;

/**
 * What happened to money in a run that goes on, for whoever looks at the node's output only: each of
 * these is in the items as well.
 *
 * @param reusedFiles how many files that Replicate stored already were taken
 */
export function moneyHints(
	{ entries }: Ledger,
	outcomes: ItemOutcome[],
	reusedFiles: number,
): string[] {
	const items = outcomes.flatMap((outcome) =>
		'error' in outcome ? [] : outcome.results.slice(0, 1),
	);
	const results = items.map(({ json }) => json as Record<string, unknown>);
	return [
		...(results.some(({ example }) => example === true) ? [EXAMPLE_USED] : []),
		...fallbackHints(results),
		...reuseHints(results.filter(({ reused }) => reused === true).length, results, entries),
		...(reusedFiles > 0
			? [
					`${count(reusedFiles, 'file')} that Replicate still stores ${reusedFiles === 1 ? 'was' : 'were'} not uploaded again.`,
				]
			: []),
		...stateHints(entries),
	];
}

/** Which models were out of service, and which made the results instead. */
function fallbackHints(results: Array<Record<string, unknown>>): string[] {
	const failures = new Map<string, Set<string>>();
	const made = new Map<string, number>();
	for (const { modelsTried, model } of results) {
		if (!Array.isArray(modelsTried)) continue;
		for (const tried of modelsTried.filter(isNested)) {
			const name = String(tried.model);
			const codes = failures.get(name) ?? new Set<string>();
			failures.set(
				name,
				codes.add(/\((?:code: )?([A-Z]+\d*)\)/.exec(String(tried.error))?.[1] ?? ''),
			);
		}
		made.set(String(model), (made.get(String(model)) ?? 0) + 1);
	}
	const failed = [...failures].map(([name, codes]) => {
		const named = [...codes].filter((code) => code !== '').join(', ');
		return `${name} was not available${named === '' ? '' : ` (${named})`}.`;
	});
	const instead = [...made].map(
		([name, times]) => `${name} made ${times} of ${count(results.length, 'result')}.`,
	);
	return failed.length > 0 ? [[...failed, ...instead].join(' ')] : [];
}

function reuseHints(
	reused: number,
	{ length }: unknown[],
	{ length: created }: readonly Entry[],
): string[] {
	if (reused === 0) return [];
	const was = created === 1 ? 'was' : 'were';
	const others =
		created === 0 ? 'nothing was created' : `${count(created, 'prediction')} ${was} created`;
	return [`${reused} of ${count(length, 'result')} reused; ${others}.`];
}

/** What was left running, cancelled or lost. */
function stateHints(entries: readonly Entry[]): string[] {
	const of = (is: (entry: Entry) => boolean, words: (what: string) => string) => {
		const found = entries.filter(is);
		if (found.length === 0) return [];
		const ids = found.flatMap(({ id }) => id ?? []);
		const more = ids.length > MAX_NAMED ? ` and ${ids.length - MAX_NAMED} more` : '';
		const listed = ids.length > 0 ? `: ${ids.slice(0, MAX_NAMED).join(', ')}${more}` : '';
		return [words(count(found.length, 'prediction')) + `${listed}.`];
	};
	return [
		...of(
			({ state, outcome }) => state === 'created' && outcome === 'leftRunning',
			(what) => `Left running, and to be paid for; get the result with Prediction → Get: ${what}`,
		),
		...of(
			({ state, outcome }) => state === 'created' && outcome === 'cancelUnconfirmed',
			(what) => `Replicate did not confirm the cancellation, so it may still be running: ${what}`,
		),
		...of(
			({ state, status }) => state === 'ended' && (status === 'canceled' || status === 'aborted'),
			(what) => `Cancelled, and billed for the time until then: ${what}`,
		),
		...of(
			({ state }) => state === 'unknown',
			(what) => `Not known whether it was created; look at replicate.com/predictions: ${what}`,
		),
	];
}

function count(number: number, noun: string): string {
	return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
