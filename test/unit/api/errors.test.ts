import { predictionDetails } from '../../../nodes/shared/api/errors';
import type { Prediction } from '../../../nodes/shared/api/shapes';

describe('predictionDetails', () => {
	it.each<[Partial<Prediction>, object]>([
		[{}, {}],
		[{ urls: {} }, {}],
		[{ urls: { web: 'https://x' } }, { webUrl: 'https://x' }],
		[{ output: null }, {}],
		[{ output: undefined }, {}],
		[{ output: '' }, { output: '' }],
		[{ output: ['https://x'] }, { output: ['https://x'] }],
	])('of %j', (more, details) => {
		const prediction: Prediction = { id: 'a', status: 'succeeded', ...more };
		expect(predictionDetails(prediction)).toStrictEqual({
			predictionId: 'a',
			status: 'succeeded',
			...details,
		});
	});
});
