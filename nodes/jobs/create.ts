import { randomUUID } from 'node:crypto';
import type { Item } from '../host/item';
import type { Prediction } from '../shared/api/shapes';
import { withFilesSent } from '../shared/files/inputs';
import { createPrediction } from '../shared/predictions/create';
import { inputDigest } from '../shared/predictions/find';
import type { JobRecord } from '../shared/predictions/record';
import { paidRunOf } from './paidRun';
import type { Plan } from './input/plan';
import { isPreviewed } from './output/preview';
import { findStored, reusablePrediction } from './ledger/reuse';

/** What an item runs, and where its steps are written down. */
export interface Started {
	prediction: Prediction;
	/** None for a result of an earlier run that is taken again. */
	record?: JobRecord;
	/** When its time is up, in ms. */
	deadline: number;
}

/** Creates what an item runs, or takes an equal result where the builder wants that. */
export async function create(
	item: Item,
	{ model, settings, input, files, fingerprint }: Plan,
): Promise<Started> {
	const { run, client, signal } = item;
	const { api, ledger } = paidRunOf(run);
	const { waitFor, onTimeout, timeoutSeconds, webhook } = settings;
	const deadline = item.deadline(timeoutSeconds);
	const sent = await withFilesSent(input, files, settings, run.uploads, client.baseUrl, {
		until: deadline,
		signal,
		findStored: findStored(item, settings),
	});
	const equal = await reusablePrediction(item, model, settings, sent.input);
	if (equal) return { prediction: equal, deadline };
	const record = ledger.intend({
		key: randomUUID(),
		item: item.index,
		fingerprint,
		kind: model.kind.name,
		inputDigest: inputDigest(sent.input),
		...(settings.deleteUploads ? { uploadIds: sent.uploadIds } : {}),
	});
	const { hasLimits } = model.kind;
	const isHeld = waitFor === 'result' && hasLimits && !isPreviewed(item, model.schema);
	const isLimited = waitFor !== 'nothing' && onTimeout === 'cancel' && hasLimits;
	const prediction = await createPrediction(
		api,
		{ target: model, input: sent.input, webhook },
		record,
		{
			// A stream's address comes with the response, so the response must come at once.
			holdSeconds: isHeld ? timeoutSeconds : 0,
			cancelAfterSeconds: isLimited ? timeoutSeconds : undefined,
			deadline,
			signal,
			onStop: onStopOf(item),
		},
	);
	return { prediction, record, deadline };
}

/** With Retry On Fail, an error leaves the other items' predictions for the next try. */
export function onStopOf({ run }: Item): () => 'cancel' | 'leave' {
	return () => (paidRunOf(run).willRetry && !run.stoppedByUser ? 'leave' : 'cancel');
}
