import { ReplicateError } from '../shared/api/errors';
import type { ErrorCode, ErrorFacts } from '../shared/api/errorFacts';
import type { JsonObject } from '../shared/api/json';
import { ADVICE, type Words } from './adviceTable';

/** What a builder reads of an error. */
export interface ErrorWords {
	/** What happened, in one sentence. */
	message: string;
	/** What to do about it. */
	description?: string;
	/** What else is known, such as the prediction's id. */
	details?: JsonObject;
}

/** What to do about an error, in the words of the panel; empty where there is nothing to say. */
export function advice(error: unknown): string {
	return tableWords(error).advice ?? '';
}

/** An error in the words that a builder reads, whatever it is. */
export function wordsOf(error: unknown): ErrorWords {
	const { message = messageOf(error), advice: description } = tableWords(error);
	const details = error instanceof ReplicateError ? error.details : {};
	return {
		message,
		...(description ? { description } : {}),
		...(Object.keys(details).length > 0 ? { details } : {}),
	};
}

function tableWords(error: unknown): Words {
	return error instanceof ReplicateError ? wordsFor(error.facts) : {};
}

function wordsFor<C extends ErrorCode>(facts: ErrorFacts<C>): Words {
	const entry = ADVICE[facts.code];
	const words = typeof entry === 'string' ? entry : entry(facts);
	return typeof words === 'string' ? { advice: words } : words;
}

function messageOf(error: unknown): string {
	const { message } = (error ?? {}) as { message?: unknown };
	return typeof message === 'string' ? message : 'Something went wrong';
}
