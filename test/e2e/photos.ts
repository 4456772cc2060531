import sharp from 'sharp';

/** Pictures of a width of their own each, by which they are named. */
export async function makePhotos(count: number): Promise<Record<string, Buffer>> {
	const photos = Array.from({ length: count }, async (_, index) => {
		const width = 40 + index;
		const create = { width, height: 30, channels: 3 as const, background: '#3355aa' };
		return [`${width}.png`, await sharp({ create }).png().toBuffer()] as const;
	});
	return Object.fromEntries(await Promise.all(photos));
}
