import type { Item } from '../../host/item';
import type { OpenApiDocument, Prediction } from '../../shared/api/shapes';
import { sleep } from '../../shared/api/sleep';
import { readOutput } from '../../shared/outputs/shape';
import { isTokenText } from '../../shared/predictions/streamText';
import { unshownText } from '../../shared/predictions/unshownText';

/** How long the last chunks may take after the prediction's end, in ms. */
const WATCHED_MS = 5_000;

/** Whether this item's text is passed on: the workflow streams, and the model writes tokens. */
export function isPreviewed({ run }: Item, schema?: OpenApiDocument | null): boolean {
	return run.isStreaming && isTokenText(schema);
}

/**
 * Passes on a prediction's text to whoever watches the workflow's answer grow, and at its end what the
 * final output has beyond that.
 *
 * @param stream waits for the end, and gives the text while it is written
 */
export async function previewText(
	item: Item,
	schema: OpenApiDocument | null | undefined,
	stream: (onText: (text: string) => void) => Promise<Prediction>,
): Promise<void> {
	let passedOn = '';
	let isUnwanted = false;
	let sending = Promise.resolve();
	// Whoever watches may fail at any chunk, such as a hook of n8n's: the result does not depend on it.
	const send = (type: 'begin' | 'item' | 'end', text?: string) => {
		sending = sending
			.then(async () => (isUnwanted ? undefined : await item.sendChunk(type, text)))
			.catch(() => void (isUnwanted = true));
	};
	const pass = (text: string) => {
		if (text === '' || isUnwanted) return;
		passedOn += text;
		send('item', text);
	};
	send('begin');
	let ended: Prediction | undefined;
	try {
		ended = await stream(pass);
	} finally {
		const { text = '' } = readOutput(ended?.output, schema);
		pass(unshownText(passedOn, text));
		send('end');
		await Promise.race([sending, sleep(WATCHED_MS)]);
	}
}
