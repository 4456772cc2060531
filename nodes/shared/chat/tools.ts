import { createHash } from 'node:crypto';
import type { JsonObject } from '../api/json';

/** A tool that a language model may call. */
export interface ChatTool {
	name: string;
	/** For the model: what the tool does and when to use it. */
	description?: string;
	/** The JSON schema of the arguments. */
	parameters: JsonObject;
}

/** Which tools an answer calls: those the model wants, none, at least one, or this one. */
export type ToolChoice = { kind: 'auto' | 'none' | 'any' } | { kind: 'one'; name: string };

/** A call that a model made: of a tool that exists, with arguments that fit the tool's schema. */
export interface ToolCall {
	/** Joins the call with its result. */
	id: string;
	name: string;
	arguments: JsonObject;
}

/** A call that a model tried to make, and why it must not be made. */
export interface InvalidCall {
	id: string;
	/** As far as the model named a tool. */
	name?: string;
	/** As the model wrote them: JSON, cut where they are long. */
	arguments?: string;
	/** What is wrong, for the model and for people. */
	reason: string;
}

/** How many calls one answer may hold: more are a model that repeats itself. */
export const MAX_CALLS = 100;
export const TOO_MANY_CALLS = `there are more than ${MAX_CALLS} calls`;

/**
 * An id for a call that has none. It follows from the answer and the call's place in it: when a retry
 * reads an answer again, the conversation must not change, or all that came after it is paid for anew.
 */
export type CallIds = (place: number) => string;

/** The ids of the calls in a prediction's answer. */
export function callIdsOf(predictionId: string): CallIds {
	const hash = (place: number) =>
		createHash('sha256').update(`${predictionId} ${place}`).digest('hex');
	return (place) => `call_${hash(place).slice(0, 32)}`;
}

/** Whether a call must not be made. */
export function isInvalid(call: ToolCall | InvalidCall): call is InvalidCall {
	return 'reason' in call;
}
