import type { IDataObject, INode, JsonObject as N8nJsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { wordsOf } from '../fields/advice';
import { ApiError, ReplicateError } from '../shared/api/errors';
import type { ErrorNote } from './outcome';

/**
 * The error that n8n shows, with the item in its words and in its context.
 *
 * @param itemIndex `undefined` where an error is no item's, as that of a sub-node
 * @param note what to add to its description and to its context
 */
export function nodeError(
	node: INode,
	error: unknown,
	itemIndex: number | undefined,
	note: ErrorNote = { text: '', context: {} },
): NodeApiError | NodeOperationError {
	const made = madeError(node, error, itemIndex, note.text);
	// n8n keeps it with the execution, and shows it as the error's data.
	const { error: whole } = error instanceof ReplicateError ? error.details : {};
	const data = typeof whole === 'string' ? { data: whole } : {};
	Object.assign(made.context, data, note.context);
	return made;
}

function madeError(
	node: INode,
	error: unknown,
	itemIndex: number | undefined,
	addition: string,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		if (addition) error.description = [error.description, addition].filter(Boolean).join(' ');
		return error;
	}
	const message = messageOf(error) + (itemIndex === undefined ? '' : ` [item ${itemIndex}]`);
	const description = [wordsOf(error).description, addition].filter(Boolean).join(' ');
	if (error instanceof ApiError) {
		const httpCode = error.status?.toString() ?? '';
		const context = { message, description, ...error.body } as N8nJsonObject;
		const options = { message, description, httpCode, itemIndex };
		return inOwnWords(new NodeApiError(node, context, options), message);
	}
	const options = { message, description, itemIndex };
	return inOwnWords(new NodeOperationError(node, error as Error, options), message);
}

/**
 * n8n puts words of its own in the place of a text that contains a code such as ETIMEDOUT, even when
 * the code is the model's, and some of them advise "Retry on Fail", which would pay again.
 */
function inOwnWords<T extends NodeApiError | NodeOperationError>(error: T, message: string): T {
	error.message = message;
	error.messages = [];
	return error;
}

/** What an item that failed says while the node continues. */
export function errorJson(error: unknown, itemIndex: number): IDataObject {
	const { details: known, description } = wordsOf(error);
	const details: IDataObject = { ...known };
	if (description) details.description = description;
	if (error instanceof ApiError && error.status) details.httpCode = error.status;
	return { error: `${messageOf(error)} [item ${itemIndex}]`, details };
}

/**
 * An item that failed while the node continues; n8n sends it to the error output, where there is one.
 *
 * @param failure as `errorJson` gives it
 */
export function failedItem(node: INode, failure: IDataObject, itemIndex: number) {
	const { error, details } = failure;
	// For the error output, n8n before 2.36 takes only items whose JSON has no key but these two.
	const json = node.onError === 'continueErrorOutput' ? { error, message: details } : failure;
	return { json, pairedItem: { item: itemIndex } };
}

/** n8n files a run whose error contains "canceled" as stopped by the user, so it is spelled out. */
function messageOf(error: unknown): string {
	return wordsOf(error).message.replace(/cancel(ed|ing)/gi, 'cancell$1');
}
