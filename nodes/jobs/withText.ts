import type { ReplicateClient } from '../shared/api/client';
import type { Prediction } from '../shared/api/shapes';
import type { PredictionsApi } from '../shared/predictions/api';
import { streamText } from '../shared/predictions/streamText';

/**
 * Waits for a prediction, and passes its text on while it is written.
 *
 * @param wait waits with the API that it is given, which looks at once when the stream has ended
 * @throws whatever `wait` throws; a stream that breaks is no error
 */
export async function withText(
	client: ReplicateClient,
	prediction: Prediction,
	api: PredictionsApi,
	onText: (text: string) => void,
	wait: (api: PredictionsApi) => Promise<Prediction>,
): Promise<Prediction> {
	const stop = new AbortController();
	const streaming = streamText(client, prediction, onText, stop.signal);
	return await wait(wokenBy(api, streaming)).finally(async () => {
		stop.abort('The prediction has ended');
		await streaming;
	});
}

/** The same API, whose first pause ends with the stream: the prediction has then ended, too. */
function wokenBy(api: PredictionsApi, stream: Promise<void>): PredictionsApi {
	let hasWoken = false;
	const woken = stream.then(() => undefined);
	return {
		...api,
		async sleep(ms, signal) {
			if (hasWoken) return await api.sleep(ms, signal);
			await Promise.race([api.sleep(ms, signal), woken.then(() => void (hasWoken = true))]);
		},
	};
}
