import { once } from 'node:events';
import { gathered, STEP_BYTES } from '../../../nodes/shared/files/gathered';

describe('gathered', () => {
	const sizesOf = async (...pieces: number[]) => {
		const source = (async function* () {
			for (const [index, size] of pieces.entries()) yield Buffer.alloc(size, index + 1);
		})();
		const steps: Buffer[] = [];
		const stream = gathered(source).on('data', (step: Buffer) => steps.push(step));
		await once(stream, 'end');
		const expected = Buffer.concat(pieces.map((size, index) => Buffer.alloc(size, index + 1)));
		expect(Buffer.concat(steps).equals(expected)).toBe(true);
		return steps.map(({ length }) => length);
	};

	it.each([
		[[], []],
		[[10], [10]],
		[[STEP_BYTES], [STEP_BYTES]],
		[
			[STEP_BYTES - 1, 1, 5],
			[STEP_BYTES, 5],
		],
		[
			[100_000, 100_000, 100_000, 1],
			[300_000, 1],
		],
	])('%j bytes become %j', async (pieces, steps) => {
		expect(await sizesOf(...pieces)).toEqual(steps);
	});
});
