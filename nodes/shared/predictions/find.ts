import equal from 'fast-deep-equal';
import { PREDICTION_SHAPE, type Prediction } from '../api/shapes';
import type { ReplicateClient } from '../api/client';
import { stringifyJson, type InputObject, type JsonObject, type JsonValue } from '../api/json';
import { readPages } from '../api/pages';
import type { RunTarget } from '../models/runTarget';
import { kindOf } from './kind';

/** How far before our own sending, in ms, a prediction may seem to be created: clocks differ by 1 s. */
const CLOCK_SLACK_MS = 2_000;
/** The least time that one look into the list gets, in ms: it can have many pages. */
const LOOK_MS = 30_000;

/** A create that was sent, and whose response is not there yet or never came. */
export interface LostCreate {
	run: RunTarget;
	input: InputObject;
	/** When it was sent, by our clock, in ms. */
	sentAt: number;
}

/**
 * Looks in the account's list for predictions that a lost create can have made: created since it was
 * sent, for the same model and input as far as the list shows, and not known to belong to anybody
 * else. Only where `showsAllOf` holds is it certain that the input is the same.
 *
 * @param claimed  ids that this node run knows already
 * @param deadline the time limit of the prediction, as a time in ms
 */
export async function findCreated(
	client: ReplicateClient,
	lost: LostCreate,
	claimed: ReadonlySet<string>,
	deadline = 0,
): Promise<Prediction[]> {
	const since = lost.sentAt + client.clockOffsetMs - CLOCK_SLACK_MS;
	const sent = asListed(lost.input);
	return await readPages(
		client,
		kindOf(lost.run).path,
		PREDICTION_SHAPE,
		Infinity,
		{
			query: { created_after: new Date(since).toISOString() },
			until: Math.max(deadline, Date.now() + LOOK_MS),
		},
		(prediction) =>
			!claimed.has(prediction.id) &&
			Date.parse(prediction.created_at ?? '') >= since &&
			runs(prediction, lost.run) &&
			hasInput(prediction, sent),
	);
}

/**
 * Whether the list shows a prediction with exactly the input that was sent. It never does for data
 * URIs, which Replicate does not keep: such a prediction may be of another file, and of another
 * execution, that of somebody else's photo.
 */
export function showsAllOf({ input }: Prediction, { input: sent }: LostCreate): boolean {
	return equal(input, asListed(sent));
}

/** An input as JSON holds it. */
function asListed(input: InputObject): JsonObject {
	return JSON.parse(stringifyJson(input)) as JsonObject;
}

/** A prediction of a deployment may name it, or only what the deployment runs. */
function runs(prediction: Prediction, { deployment, version }: RunTarget): boolean {
	if (deployment && prediction.deployment) return prediction.deployment === deployment;
	return version.includes('/') ? prediction.model === version : prediction.version === version;
}

/** What the list shows of an input must be equal. It may show more, and shows no data URIs. */
function hasInput({ input }: Prediction, sent: JsonObject): boolean {
	return Object.entries(sent).every(
		([name, value]) => holdsDataUri(value) || equal(input?.[name], value),
	);
}

function holdsDataUri(value: JsonValue): boolean {
	if (typeof value === 'string') return value.startsWith('data:');
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some(holdsDataUri);
}
