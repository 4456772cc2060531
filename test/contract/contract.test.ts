import { currentContract, storedContract } from '../../dev/scripts/contract';

describe('the public contract', () => {
	it('is the stored one: saved workflows depend on it ("npm run contract" writes it anew)', () => {
		expect(currentContract()).toEqual(storedContract().contract);
	});
});
