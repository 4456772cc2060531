import { oneLine } from '../api/oneLine';
import type { JsonObject } from '../api/json';
import type { Prediction } from '../api/shapes';

/** How far a prediction is, according to its log. */
interface Progress {
	/** Of a progress bar, 0 to 100. */
	percentage?: number;
	/** The last line of the log. */
	logLine?: string;
}

/** A progress bar as Python's tqdm writes it: `40%|####      | 4/10`. */
const BAR = /^\s*(\d{1,3})%\s*\|[^|]{1,500}\|\s*\d+\/\d+/;

/** Reads the progress of a prediction from its log: the last bar, and the last line. */
function progressOf({ logs }: Prediction): Progress {
	const lines = (logs ?? '').split(/[\r\n]+/).filter((line) => line.trim() !== '');
	const bar = lines.findLast((line) => BAR.test(line));
	const last = lines.at(-1);
	const logLine = last === undefined ? undefined : oneLine(last, 300);
	return {
		...(bar === undefined ? {} : { percentage: Number(BAR.exec(bar)![1]) }),
		...(logLine === undefined ? {} : { logLine }),
	};
}

/** The progress in words, for example `40 % done; step 4`; empty when the log says nothing. */
export function progressText(prediction: Prediction): string {
	const { percentage, logLine } = progressOf(prediction);
	const parts = [percentage === undefined ? '' : `${percentage} % done`, logLine ?? ''];
	return parts.filter((part) => part !== '').join('; ');
}

/** The progress as JSON for an item, only where there is any. */
export function progressJson(prediction: Prediction): JsonObject {
	const progress = progressOf(prediction);
	return Object.keys(progress).length > 0 ? { progress: { ...progress } } : {};
}
