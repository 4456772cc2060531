import type { Item } from '../../host/item';
import type { OpenApiDocument, Prediction } from '../../shared/api/shapes';
import { readOutput } from '../../shared/outputs/shape';
import { isTokenText, streamText } from '../../shared/predictions/streamText';

/** The text of a prediction, passed on to whoever watches the workflow's answer grow. */
export interface Preview {
	/** Ends it; what the final output has beyond what was passed on is passed on now. */
	end(prediction?: Prediction): Promise<void>;
}

/** Whether this item's text is passed on: the workflow streams, and the model writes tokens. */
export function isPreviewed({ run }: Item, schema?: OpenApiDocument | null): boolean {
	return run.isStreaming && isTokenText(schema);
}

/** Begins to pass on a prediction's text. */
export function startPreview(
	item: Item,
	prediction: Prediction,
	schema?: OpenApiDocument | null,
): Preview {
	const stop = new AbortController();
	let passedOn = '';
	const pass = (text: string) => {
		if (text === '') return;
		passedOn += text;
		item.sendChunk('item', text);
	};
	item.sendChunk('begin');
	const streaming = streamText(item.client, prediction, pass, stop.signal);
	return {
		async end(ended) {
			stop.abort();
			await streaming;
			const { text = '' } = readOutput(ended?.output, schema);
			if (text.startsWith(passedOn)) pass(text.slice(passedOn.length));
			item.sendChunk('end');
		},
	};
}
