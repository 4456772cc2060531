import { idField } from '../../../fields/idField';
import { idInAddress } from '../../../shared/models/replicatePage';

/** A prediction: its ID, also out of the address of its page. */
export const predictionId = idField({
	name: 'predictionId',
	noun: 'prediction',
	returnedBy: 'Run a Model',
	listMethod: 'searchPredictions',
	exampleId: 'gm3qorzdhgbfurvjtvhg6dckhu',
	exampleUrl: 'https://replicate.com/p/gm3qorzdhgbfurvjtvhg6dckhu',
	idIn: (text) => idInAddress(text, 'predictions'),
	characters: /^[\w-]+$/,
});
