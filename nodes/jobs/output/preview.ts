import type { Item } from '../../host/item';
import type { OpenApiDocument, Prediction } from '../../shared/api/shapes';
import { readOutput } from '../../shared/outputs/shape';
import { isTokenText } from '../../shared/predictions/streamText';

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
	const pass = (text: string) => {
		if (text === '') return;
		passedOn += text;
		item.sendChunk('item', text);
	};
	item.sendChunk('begin');
	let ended: Prediction | undefined;
	try {
		ended = await stream(pass);
	} finally {
		const { text = '' } = readOutput(ended?.output, schema);
		if (text.startsWith(passedOn)) pass(text.slice(passedOn.length));
		item.sendChunk('end');
	}
}
