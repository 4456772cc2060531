import { withoutDepths } from './json';
import type { JsonObject, JsonValue, Prediction } from './types';

/**
 * An error that this package raises on purpose. `message` says in one sentence what happened,
 * `description` what to do about it. `details` is plain JSON for the item that takes the error on.
 */
export class ReplicateError extends Error {
	constructor(
		message: string,
		readonly description?: string,
		public details: JsonObject = {},
	) {
		super(message);
		this.name = new.target.name;
	}
}

/** Something in the node's own settings or in the incoming item is wrong. Nothing was sent. */
export class InputError extends ReplicateError {}

/** The builder stopped the workflow, or n8n's execution timeout did. */
export class StoppedError extends ReplicateError {}

/** A prediction exists, but there is no usable result. Carries what is known of it. */
export class PredictionError extends ReplicateError {
	constructor(message: string, description: string | undefined, prediction: Prediction) {
		super(message, description, predictionDetails(prediction));
	}
}

/** Replicate answered with an error, or could not be reached. */
export class ApiError extends ReplicateError {
	constructor(
		message: string,
		description: string | undefined,
		readonly failure: RequestFailure,
		readonly body?: JsonObject,
	) {
		super(message, description);
	}

	/** The HTTP status, or `undefined` when no answer came. */
	get status(): number | undefined {
		return this.failure.kind === 'status' ? this.failure.status : undefined;
	}
}

/**
 * Why one request gave no result.
 * `sent: false` means that the server certainly never saw it; `true` means that it may have.
 * `permanent` means that trying again cannot help.
 */
export type RequestFailure =
	| { kind: 'status'; status: number; hintMs?: number }
	| { kind: 'network'; code: string; sent: boolean; permanent?: boolean };

/** The part of a prediction that lets a builder find it again: id, status, page and output URLs. */
export function predictionDetails(prediction: Prediction): JsonObject {
	const details: JsonObject = { predictionId: prediction.id, status: prediction.status };
	if (prediction.urls?.web) details.webUrl = prediction.urls.web;
	if (prediction.output !== null && prediction.output !== undefined) {
		details.output = prediction.output;
	}
	return details;
}

/** Words for each status: what happened, and what the builder can do. `said` is Replicate's text. */
const STATUS_WORDS: Record<number, { message: string; advice: string }> = {
	400: {
		message: 'Replicate could not read the request',
		advice: 'A very large data URI causes this: set Options → Send Files As to Upload.',
	},
	401: {
		message: 'Replicate did not accept the API token',
		advice:
			'Open the Replicate credential and paste a valid token. Tokens are listed at replicate.com/account/api-tokens and start with r8_.',
	},
	402: {
		message: 'The Replicate account has not enough credit to run this model',
		advice:
			'Add credit at replicate.com/account/billing, wait a few minutes, then run the workflow again.',
	},
	403: {
		message: 'Replicate refused the request (403)',
		advice:
			'The token has no access to this, or a firewall on the way blocked the request. Check which account the token belongs to.',
	},
	404: {
		message: 'Replicate could not find what was asked for',
		advice:
			'Check the name or id. Private models and other accounts’ predictions look as if they did not exist.',
	},
	413: {
		message: 'Replicate refused the request because it is too large',
		advice: 'Put the file where Replicate can fetch it and pass its https URL instead.',
	},
	422: {
		message: 'Replicate refused the request',
		advice: 'Correct the named value and run the workflow again.',
	},
	429: {
		message: 'Replicate is limiting how fast this account may send requests',
		advice:
			'Lower Options → Concurrency. Accounts with little credit may create only 6 predictions a minute.',
	},
};

/**
 * Turns an HTTP error answer into one clear error.
 *
 * @param status HTTP status
 * @param text   body as text, of any shape: problem JSON, other JSON, HTML from a proxy, or empty
 * @param hintMs how long the server asked to wait, in ms
 * @param what   what was asked for, for a 404 ("model owner/name")
 */
export function errorFromAnswer(
	status: number,
	text: string,
	hintMs?: number,
	what?: string,
): ApiError {
	const body = parseObject(text);
	const said = saidBy(body);
	const words = STATUS_WORDS[status] ?? {
		message:
			status >= 500
				? `Replicate is not available right now (HTTP ${status})`
				: `Replicate refused the request (HTTP ${status})`,
		advice: status >= 500 ? 'Try again in a few minutes; status: replicatestatus.com.' : '',
	};
	let message = words.message;
	if (status === 404 && what) message = `Replicate could not find ${what}`;
	if (status === 422 && said) message = `${words.message}: ${said}`;
	const quote = said && status !== 422 ? `Replicate says: ${said}` : '';
	const description = [words.advice, quote].filter(Boolean).join(' ');
	return new ApiError(message, description, { kind: 'status', status, hintMs }, body);
}

/** The code of an answer that lacks what the package cannot do without. */
export const UNEXPECTED_ANSWER = 'UNEXPECTED_ANSWER';

/**
 * Turns a transport error into one clear error. The system's error code goes into the description
 * only, because n8n replaces a message that contains one by a text of its own.
 */
export function errorFromNetwork(
	origin: string,
	code: string,
	sent: boolean,
	permanent?: boolean,
): ApiError {
	const words = NETWORK_WORDS[code] ?? 'the connection broke';
	return new ApiError(
		`Could not get an answer from ${origin}: ${words}`,
		`Check the network, the proxy settings and the credential's base URL, then try again. (${code})`,
		{ kind: 'network', code, sent, ...(permanent ? { permanent } : {}) },
	);
}

const NETWORK_WORDS: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name is unknown',
	EAI_AGAIN: 'the name server did not answer',
	CONNECT_TIMEOUT: 'connecting took too long',
	PROXY_REFUSED: 'the proxy refused to connect',
	TIME_UP: 'it took too long to answer',
	STALLED: 'the transfer stalled',
	INCOMPLETE: 'fewer or more bytes came than were announced',
	NOT_JSON: 'the answer is not JSON',
	[UNEXPECTED_ANSWER]: 'the answer is not what Replicate’s API describes',
	PRIVATE_ADDRESS: 'the host lies inside a private network',
};

function parseObject(text: string): JsonObject | undefined {
	try {
		const value = withoutDepths(JSON.parse(text) as JsonValue);
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Replicate's own words, on one line: the invalid fields of a 422, else `detail`, `error` or `title`. */
function saidBy(body: JsonObject | undefined): string | undefined {
	if (!body) return undefined;
	const fields = Array.isArray(body.invalid_fields) ? body.invalid_fields : [];
	const listed = fields.map(wordsOfField).filter((line) => line !== '');
	if (listed.length > 0) return oneLine(listed.join('; '));
	const text = [body.detail, body.error, body.title].find((value) => typeof value === 'string');
	return text === undefined ? undefined : oneLine(String(text));
}

/** One failed field as Replicate lists it in a 422 (wording of the gojsonschema library). */
function wordsOfField(value: JsonValue): string {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
	const { field, description } = value;
	const name = typeof field === 'string' ? field.replace(/^input\.?/, '') : '';
	return [name, typeof description === 'string' ? description : ''].filter(Boolean).join(': ');
}

/**
 * A strange text on one line, as far as it helps: without control characters, and without the marks
 * of writing direction that make a text read as another.
 *
 * @param most characters
 */
export function oneLine(text: string, most = 500): string {
	const line = text
		.slice(0, most * 4)
		.replace(/\s+/g, ' ')
		.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
		.trim();
	return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
