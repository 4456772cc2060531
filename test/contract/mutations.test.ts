import { BEHAVIOUR_MUTATIONS } from '../mutation/behaviourMutations';
import { SECURITY_MUTATIONS } from '../mutation/securityMutations';
import { TIME_MUTATIONS } from '../mutation/timeMutations';
import { textOf } from './papers';
import { testNames } from './testNames';

describe('a line that `npm run test:mutation` breaks', () => {
	const all = [...SECURITY_MUTATIONS, ...TIME_MUTATIONS, ...BEHAVIOUR_MUTATIONS];

	it.each(all)('is in $file once: $search', ({ file, search, replace }) => {
		expect(textOf(file).split(search)).toHaveLength(2);
		expect(replace).not.toBe(search);
	});

	it.each(all)('is noticed by a test that exists: $test.path, “$test.title”', ({ test }) => {
		const [fixed] = test.title.split(/%\w/).sort((one, other) => other.length - one.length);
		expect(testNames(test.path).filter((name) => name.includes(fixed!.trim()))).not.toEqual([]);
	});
});
