import type { Played } from './history';

/** What a builder's own limits promise: how much is created, what is taken again, and who waits. */
export function* wrongsOfLimits(played: Played): Generator<string> {
	yield* createdTooMuch(played);
	yield* tookOther(played);
	yield* gaveAgain(played);
	yield* waitedInVain(played);
	for (const words of played.stormed) yield words;
}

/** Options → Most Predictions holds for each pass, with all its tries and its Retry. */
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

/** An answer that a chain could not use in its last round is not given to it again. */
function* gaveAgain({ executions }: Played): Generator<string> {
	for (const { id, refused } of executions) {
		const again = refused.find((one, at) => refused.indexOf(one) !== at);
		if (again !== undefined) yield `${id} was given ${again} again, which it had refused`;
	}
}

/** Who waits for callbacks goes on by them where they came, not by n8n's timer. */
function* waitedInVain({ executions, account, log }: Played): Generator<string> {
	for (const { id, ends, taken } of executions) {
		const isBroken = log.some(
			(line) =>
				new RegExp(` ${id} (?:read|list|webhooks|models): `).test(line) && !/: 200 /.test(line),
		);
		for (const { by, items, pass, at } of ends) {
			const waited = items.flatMap(({ json }) =>
				json.predictionId === undefined ? [] : [String(json.predictionId)],
			);
			if (by !== 'timer' || waited.length === 0 || isBroken) continue;
			const isTaken = (prediction: string) =>
				taken.some((one) => one.pass === pass && one.predictionId === prediction && one.at <= at);
			if (waited.every(isTaken))
				yield `${id} waited for n8n’s timer, and all its callbacks were taken`;
			const runs = account.told.filter(({ run }) => waited.includes(run.id));
			const created = Math.max(...runs.map(({ run }) => run.createdAt));
			const ended = Math.max(...runs.map(({ run }) => run.completedAt ?? Infinity));
			if (ended < created) yield `${id} waits, and all had ended`;
		}
	}
}
