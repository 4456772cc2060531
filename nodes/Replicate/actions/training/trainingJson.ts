import { toJson } from '../../../shared/api/json';
import type { JsonObject } from '../../../shared/api/json';
import type { Prediction } from '../../../shared/api/shapes';
import { simplified } from '../../../shared/predictions/simplify';

/** A training's JSON, short or whole. Its weights stay an address. */
export function trainingJson(training: Prediction, isSimple: boolean): JsonObject {
	return isSimple ? simplified(training, { files: [], binary: {} }) : toJson(training);
}
