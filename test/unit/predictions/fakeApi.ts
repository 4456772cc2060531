import { StoppedError } from '../../../nodes/shared/api/errors';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import type { PredictionsApi } from '../../../nodes/shared/predictions/api';
import { Claims } from '../../../nodes/shared/predictions/claims';

/** An API that gives these responses one after the other, the last one for ever, in a time of its own. */
export function responding(...responses: Array<Prediction | Error>) {
	const calls: string[] = [];
	let time = 1_000_000;
	const next = async (call: string) => {
		calls.push(call);
		const response = responses.length > 1 ? responses.shift()! : responses[0]!;
		return await (response instanceof Error ? Promise.reject(response) : Promise.resolve(response));
	};
	const api: PredictionsApi = {
		claims: new Claims(),
		baseUrl: new URL('https://api.replicate.com/v1'),
		mayCreate: async () => await Promise.resolve(true),
		throttled: () => undefined,
		create: async () => await next('create'),
		read: async (_kind, id) => await next(`read ${id}`),
		list: async () => [await next('list')],
		cancel: async (_kind, id) => await next(`cancel ${id}`),
		now: () => time,
		async sleep(ms, signal) {
			if (signal?.aborted) throw new StoppedError(signal);
			time += ms;
			await Promise.resolve();
		},
	};
	return { api, calls };
}
