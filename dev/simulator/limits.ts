import type { Played } from './history';

/** What a builder's own limits promise: how much is created, what is taken again, and who waits. */
export function* wrongsOfLimits(played: Played): Generator<string> {
	yield* createdTooMuch(played);
	yield* tookOther(played);
	yield* gaveAgain(played);
	yield* waitedInVain(played);
	yield* wentBack(played);
	for (const words of played.stormed) yield words;
}

/** Options → Max Predictions holds for each pass, with all its tries and its Retry. */
function* createdTooMuch({ executions, account }: Played): Generator<string> {
	for (const { script, chain } of executions) {
		const { maxPredictions } = script.parameters.options as { maxPredictions?: number };
		if (maxPredictions === undefined) continue;
		for (const inputs of script.passes) {
			const labels = new Set(inputs.map(({ json }) => String(json.label)));
			const made = account.told.filter(
				({ run, by }) =>
					chain.includes(by) && labels.has(String(run.input.label ?? run.input.prompt)),
			);
			if (made.length > maxPredictions) {
				yield `${chain.at(-1)} created ${made.length}, and may create ${maxPredictions}`;
			}
		}
	}
}

/** What is taken again has run exactly the item's input. */
function* tookOther({ executions, account }: Played): Generator<string> {
	for (const { id, script, ends } of executions) {
		for (const { items, pass } of ends) {
			for (const [index, { json }] of items.entries()) {
				if (json.reused !== true) continue;
				const run = account.told.find((one) => one.run.id === json.id)?.run;
				const wanted = script.passes[pass]![index]!.json.label;
				if (run?.input.label !== wanted)
					yield `${id} took ${String(run?.input.label)} for ${String(wanted)}`;
			}
		}
	}
}

/** An answer that a chain could not use is not given to it again in the next try. */
function* gaveAgain({ executions }: Played): Generator<string> {
	for (const { id, refusals } of executions) {
		const again = refusals.find(({ isNew }) => !isNew);
		if (again) yield `${id} was given ${again.id} again, which it had just refused`;
	}
}

/** Nobody is suspended whose predictions had all ended; and who waits goes on by callbacks that came. */
function* waitedInVain({ executions, account, log }: Played): Generator<string> {
	for (const { id, ends, taken, waitsFrom } of executions) {
		const isCall = new RegExp(` ${id} (?:read|list|webhooks|models): `);
		if (log.some((line) => isCall.test(line) && !line.includes(': 200 '))) continue;
		for (const { by, items, pass, at } of ends) {
			const from = waitsFrom.get(pass);
			if (from === undefined) continue;
			const isOver = ({ json }: (typeof items)[number]) => {
				const run = account.told.find((one) => one.run.id === (json.predictionId ?? json.id))?.run;
				return run !== undefined && (run.completedAt ?? Infinity) < from - ENDED_BEFORE_MS;
			};
			if (items.every(isOver)) yield `${id} was suspended when all had ended`;
			const waited = items.flatMap(({ json }) => (json.predictionId as string | undefined) ?? []);
			const isTaken = (prediction: string) =>
				taken.some((one) => one.pass === pass && one.predictionId === prediction && one.at <= at);
			if (by === 'timer' && waited.length > 0 && waited.every(isTaken)) {
				yield `${id} waited for n8n’s timer, and all its callbacks were taken`;
			}
		}
	}
}

/** No callback continues a pass that a loop has left behind. */
function* wentBack({ executions }: Played): Generator<string> {
	for (const { id, overrun } of executions) {
		for (const pass of overrun)
			yield `${id} was continued in pass ${pass}, and waits in a later one`;
	}
}

/** What ended so long before a suspension was read as ended, in ms: reads take their time. */
const ENDED_BEFORE_MS = 15_000;
