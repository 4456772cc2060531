import { currentContract, isLogged, storedContract } from '../../dev/scripts/contract';

describe('the public contract', () => {
	it('is the stored one: saved workflows depend on it ("npm run contract" writes it anew)', () => {
		expect(currentContract()).toEqual(storedContract());
	});
});

describe('a change of the contract', () => {
	const committed = '# Changes\n\n- One\n';

	it.each([
		['a line that was added', `${committed}- Two\n`, committed, true],
		['a line that says it otherwise', '# Changes\n\n- One, and two\n', committed, true],
		['nothing', committed, committed, false],
		['a line less', '# Changes\n', committed, false],
		['lines in another order', '- One\n# Changes\n\n', committed, false],
		['anything, before the first commit', '', undefined, true],
	])('is written with %s in the change log', (_what, changeLog, before, isWritten) => {
		expect(isLogged(changeLog, before)).toBe(isWritten);
	});
});
