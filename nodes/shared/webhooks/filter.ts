import type { Prediction } from '../api/shapes';

/** Which webhooks start a workflow. */
export interface WebhookFilter {
	source: 'all' | 'predictions' | 'trainings';
	/** Empty: all. */
	statuses: string[];
	/** `owner/name`, or the owner alone; empty: all. */
	models: string[];
}

/** Whether the filter lets a prediction or training pass. */
export function passes(body: Prediction, { source, statuses, models }: WebhookFilter): boolean {
	const isRightSource = source === 'all' || (source === 'trainings') === isTraining(body);
	const model = body.model ?? '';
	const isRightModel =
		models.length === 0 || models.some((one) => one === model || model.startsWith(`${one}/`));
	return isRightSource && isRightModel && (statuses.length === 0 || statuses.includes(body.status));
}

/** A webhook does not say what it is about: a training is recognised by its address or its output. */
export function isTraining({ urls, output }: Prediction): boolean {
	if (/\/trainings\/[\w-]+$/.test(urls?.get ?? '')) return true;
	const isObject = typeof output === 'object' && output !== null && !Array.isArray(output);
	return isObject && 'weights' in output && 'version' in output;
}
