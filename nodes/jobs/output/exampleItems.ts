import type { Item, ItemResult } from '../../host/item';
import { InputError, ReplicateError } from '../../shared/api/errors';
import type { Prediction } from '../../shared/api/shapes';
import type { Plan } from '../input/plan';
import { withoutResult } from '../input/outputSettings';
import { collectItems } from './collectItems';
import { isPreviewed, previewText } from './preview';

/** The name under which an item says that it is the model's example, and not of a prediction of its own. */
const EXAMPLE_KEY = 'example';

/**
 * The items that a prediction would give, made of the example on the model's page: collected in the same
 * way, with Continue → When Replicate Calls Back as well, where nothing is suspended for it.
 *
 * @throws InputError where the model has no example, or its files are gone
 */
export async function exampleItems(item: Item, plan: Plan): Promise<ItemResult[]> {
	const {
		model,
		settings: { waitFor, output, timeoutSeconds },
	} = plan;
	const { run, signal, index } = item;
	const { schema } = model;
	const name = model.name ?? model.version;
	const deadline = item.deadline(timeoutSeconds);
	const example = await run.models.before(deadline).exampleOf(model);
	if (!example) {
		throw new InputError(`The model "${name}" has no example that could be used`, {
			code: 'exampleMissing',
			model: name,
		});
	}
	const isEnded = waitFor !== 'nothing';
	if (waitFor === 'result' && isPreviewed(item, schema)) {
		await previewText(item, schema, async () => await Promise.resolve(example));
	}
	const items = await collectItems(
		run.host,
		isEnded ? example : beginningOf(example),
		isEnded ? output : withoutResult(output),
		isEnded ? { schema, deadline, signal, nameEnding: endingOf(example, index) } : {},
	).catch(asUnavailable(name));
	return items.map((one) => ({ ...one, json: { ...one.json, [EXAMPLE_KEY]: true } }));
}

/** As Replicate returned it when it was created: nobody waits for its end. */
function beginningOf(example: Prediction): Prediction {
	const { completed_at: _completedAt, metrics: _metrics, ...beginning } = example;
	return { ...beginning, status: 'starting', output: null, logs: '' };
}

/** All items of a run have the same example, and files of the same name overwrite each other in a store. */
function endingOf({ id }: Prediction, index: number): string {
	return index === 0 ? id : `${id}-${index}`;
}

/** The error of a file that cannot be had, without the words for a prediction that is paid for. */
function asUnavailable(model: string): (error: unknown) => never {
	return (error) => {
		const facts = error instanceof ReplicateError ? error.facts : undefined;
		if (facts?.code !== 'downloadFailed') throw error;
		throw new InputError(`The example of "${model}" cannot be used: ${facts.reason}`, {
			code: 'exampleUnavailable',
			model,
		});
	};
}
