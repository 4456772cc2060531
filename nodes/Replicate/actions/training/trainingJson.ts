import { toJson } from '../../../shared/api/json';
import type { JsonObject, Prediction } from '../../../shared/api/types';
import { simplified } from '../../../shared/outputs/simplify';

/** A training's JSON, short or whole. Its weights stay an address. */
export function trainingJson(training: Prediction, isSimple: boolean): JsonObject {
	return isSimple ? simplified(training, { files: [], binary: {} }) : toJson(training);
}
