import { findAddress, findFile, type ItemFiles } from '../../../nodes/shared/files/givenFile';

/** What the shared room says by itself; the panel's own advice is added to it. */
describe('what is no file', () => {
	const item = { names: [], broken: ['photo'], get: () => undefined } as unknown as ItemFiles;

	it.each([
		[
			'http://10.0.0.1/a.png',
			'The input has the address http://10.0.0.1, which Replicate cannot reach from the internet',
		],
		[
			'file:///home/me/a.png',
			'The input has an address that starts with file:, which Replicate cannot fetch',
		],
		['data:image/png;base64,A', 'The input has a data URI whose base64 is broken'],
	])('is refused by its address: %s', (address, message) => {
		expect(() => findAddress('The input', address)).toThrow(message);
	});

	it('is a binary field that holds something else', async () => {
		await expect(findFile('The input', 'photo', item)).rejects.toThrow(
			'The input needs a file, and the item’s binary field "photo" does not hold n8n’s binary data',
		);
	});
});
