import type { INodeProperties } from 'n8n-workflow';
import { dataUriMaxBytes, deleteUploads, fileRouting, maxInlineKb } from './files';
import type { Field } from './field';
import { onTimeout, timeout, waitFor, waitUntilFinished } from './waiting';
import { webhookEvents, webhookUrl } from './webhook';

/*
 * The fields that predictions and trainings share, in the words of a training. They are read by those
 * of a prediction: names, values and defaults are the same, except the timeout's.
 */

/** The keys of n8n's properties, and of their choices, that hold words for people. */
const WORDS = new Set(['name', 'displayName', 'description', 'hint', 'placeholder']);

/** A field's words about a training instead of a prediction. */
function ofTraining<T>(field: Field<T>): Field<T> {
	const { displayName, description, hint, placeholder, options } = field.property;
	const words = { displayName, description, hint, placeholder };
	const choices = options?.map((choice) => ({ ...choice, ...reworded(choice) }));
	return field.with({
		...reworded(words),
		...(choices ? { options: choices as INodeProperties['options'] } : {}),
	});
}

function reworded(words: object): object {
	const texts = Object.entries(words).filter(
		([key, text]) => WORDS.has(key) && typeof text === 'string',
	);
	return Object.fromEntries(
		texts.map(([key, text]) => [
			key,
			(text as string).replaceAll('prediction', 'training').replaceAll('Prediction', 'Training'),
		]),
	);
}

export const trainingWaitFor = ofTraining(waitFor);
export const trainingWaitUntilFinished = ofTraining(waitUntilFinished);

/** In s. Trainings take from minutes to hours. */
export const trainingTimeout = ofTraining(timeout).with({ default: 21_600 });

/** The options of a training that those of a prediction have as well. */
export const trainingOptions = {
	onTimeout: ofTraining(onTimeout),
	fileRouting: ofTraining(fileRouting),
	maxInlineKb: ofTraining(maxInlineKb),
	dataUriMaxBytes: ofTraining(dataUriMaxBytes),
	deleteUploads: ofTraining(deleteUploads),
	webhookUrl: ofTraining(webhookUrl),
	webhookEvents: ofTraining(webhookEvents),
};
