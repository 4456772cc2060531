import { gather, STEP_BYTES } from '../../../nodes/shared/files/gather';

describe('gathered', () => {
	const sizesOf = async (...given: number[]) => {
		const source = (async function* () {
			for (const [index, size] of given.entries()) yield Buffer.alloc(size, index + 1);
		})();
		const chunks: Uint8Array[] = [];
		for await (const chunk of gather(source)) chunks.push(chunk);
		const expected = Buffer.concat(given.map((size, index) => Buffer.alloc(size, index + 1)));
		expect(Buffer.concat(chunks).equals(expected)).toBe(true);
		return chunks.map(({ length }) => length);
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
	])('%j bytes become %j', async (given, chunks) => {
		expect(await sizesOf(...given)).toEqual(chunks);
	});
});
