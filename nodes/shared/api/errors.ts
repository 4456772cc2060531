import type { ErrorCode, ErrorFacts } from './errorFacts';
import type { JsonObject } from './json';
import type { Prediction } from './shapes';
import { stopWords } from './stop';

/**
 * An error that this package raises on purpose. `message` says in one sentence what happened; what to
 * do about it is looked up by its code and facts. `details` is plain JSON for the item that takes the
 * error on.
 */
export class ReplicateError extends Error {
	constructor(
		message: string,
		/** The error's code and what is known of it: plain JSON. */
		readonly facts: ErrorFacts,
		readonly details: JsonObject = {},
	) {
		super(message);
		this.name = new.target.name;
	}

	get code(): ErrorCode {
		return this.facts.code;
	}
}

/** The same error with further details. A copy: items may share what failed, and with it the error. */
export function withDetails<E extends ReplicateError>(error: E, details: JsonObject): E {
	const copy = Object.create(
		Object.getPrototypeOf(error) as object,
		Object.getOwnPropertyDescriptors(error),
	) as E;
	return Object.assign(copy, { details: { ...error.details, ...details } });
}

/** Something in the node's own settings or in the incoming item is wrong. Nothing was sent. */
export class InputError extends ReplicateError {}

/** The builder stopped the workflow, n8n's execution timeout did, or whoever asked left. */
export class StoppedError extends ReplicateError {
	/**
	 * @param signal what was aborted; its reason says who stopped
	 * @param job what was stopped with it, if anything, and what became of that
	 */
	constructor(signal?: AbortSignal, job?: { fate: string; details: JsonObject }) {
		const message = stopWords(signal) + (job ? `, and ${job.fate}` : '');
		super(message, { code: 'stopped' }, job?.details);
	}
}

/** A prediction exists, but there is no usable result. Carries what is known of it. */
export class PredictionError extends ReplicateError {
	constructor(message: string, facts: ErrorFacts, prediction: Prediction) {
		super(message, facts, predictionDetails(prediction));
	}
}

/** Replicate responded with an error, or could not be reached. */
export class ApiError extends ReplicateError {
	/**
	 * @param failure why the request gave no result
	 * @param body    of the response, where it is a JSON object
	 */
	constructor(
		message: string,
		facts: ErrorFacts,
		readonly failure: RequestFailure,
		readonly body?: JsonObject,
		details?: JsonObject,
	) {
		super(message, facts, details);
	}

	/** The HTTP status, or `undefined` when no response came. */
	get status(): number | undefined {
		return this.failure.kind === 'status' ? this.failure.status : undefined;
	}
}

/**
 * Why one request gave no result.
 * `sent: false` means that the server certainly never saw it; `true` means that it may have.
 * `permanent` and `isFinal` mean that trying again cannot help.
 */
export type RequestFailure =
	| { kind: 'status'; status: number; hintMs?: number; isFinal?: true }
	| { kind: 'network'; code: string; sent: boolean; permanent?: boolean };

/** The part of a prediction that lets a builder find it again: id, status, page and output URLs. */
export function predictionDetails(prediction: Prediction): JsonObject {
	const { id, status, urls, output } = prediction;
	return {
		predictionId: id,
		status,
		...(urls?.web ? { webUrl: urls.web } : {}),
		...(output === null || output === undefined ? {} : { output }),
	};
}
