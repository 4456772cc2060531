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
export function passes(
	body: Prediction,
	isTraining: boolean,
	{ source, statuses, models }: WebhookFilter,
): boolean {
	const isRightSource = source === 'all' || (source === 'trainings') === isTraining;
	const model = body.model ?? '';
	const isRightModel =
		models.length === 0 || models.some((one) => one === model || model.startsWith(`${one}/`));
	return isRightSource && isRightModel && (statuses.length === 0 || statuses.includes(body.status));
}
