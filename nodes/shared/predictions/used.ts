import type { Prediction } from '../api/shapes';

/** More than any job takes, in s: a month. */
const MAX_JOB_S = 31 * 86_400;
/** More than any job is billed for, in whatever unit. */
const MAX_UNITS = 1e12;
/** How many metrics of a job are read, and how long their names may be: its model writes them. */
const MAX_METRICS = 30;
const MAX_NAME_LENGTH = 60;

/** The metric of the time that a job ran, in s. */
export const TIME = 'predict_time';

/** Names of metrics that can be summed: not rates, and not the time that includes queueing. */
const COUNTED = /_count$|_duration_seconds$/;

/** Whether a job may be billed by what this metric counts. */
export function isCounted(metric: string): boolean {
	return COUNTED.test(metric);
}

/** What a job used, as its metrics say. */
export interface Used {
	/** By the names of the metrics, in their own units; more than 0 each. */
	amounts: Record<string, number>;
	/** Whether a metric is left out because no job can have used so much. */
	isUntrue?: true;
}

/** What a job that has ended used; `undefined` where nothing is said of it. */
export function usedBy({ metrics }: Pick<Prediction, 'metrics'>): Used | undefined {
	const amounts: Record<string, number> = {};
	let isUntrue = false;
	for (const [name, value] of Object.entries(metrics ?? {}).slice(0, MAX_METRICS)) {
		if (typeof value !== 'number' || !(value > 0) || name.length > MAX_NAME_LENGTH) continue;
		if (value <= (name === TIME ? MAX_JOB_S : MAX_UNITS)) amounts[name] = value;
		else isUntrue ||= name === TIME || isCounted(name);
	}
	if (Object.keys(amounts).length === 0 && !isUntrue) return undefined;
	return { amounts, ...(isUntrue ? { isUntrue } : {}) };
}
