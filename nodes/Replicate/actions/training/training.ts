import { toJson, type JsonObject } from '../../../shared/api/json';
import type { Prediction } from '../../../shared/api/shapes';
import { simplified } from '../../../shared/predictions/simplify';
import { idField } from '../../../fields/idField';
import { idInAddress } from '../../../shared/models/replicatePage';

/** A training: its ID, also out of the address of its page. */
export const trainingId = idField({
	name: 'trainingId',
	noun: 'training',
	returnedBy: 'Create a Training',
	listMethod: 'searchTrainings',
	exampleId: 'zz4ibbonubfz7carwiefibzgga',
	exampleUrl: 'https://replicate.com/p/zz4ibbonubfz7carwiefibzgga',
	idIn: (text) => idInAddress(text, 'trainings'),
	characters: /^[\w-]+$/,
});

/** A training's JSON, short or whole. Its weights stay an address. */
export function trainingJson(training: Prediction, isSimple: boolean): JsonObject {
	return isSimple ? simplified(training, { files: [], binary: {} }) : toJson(training);
}
