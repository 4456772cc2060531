import { wordsOf, type ErrorWords } from '../../nodes/fields/advice';

/** The words of the error that a call throws. */
export function wordsThrownBy(call: () => unknown): ErrorWords {
	try {
		call();
	} catch (error) {
		return wordsOf(error);
	}
	throw new Error('Nothing was thrown');
}

/** The words of the error that a promise rejects with. */
export async function wordsOfRejected(promise: Promise<unknown>): Promise<ErrorWords> {
	return await promise.then(() => {
		throw new Error('It was not rejected');
	}, wordsOf);
}
