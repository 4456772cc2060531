import type { IBinaryData } from 'n8n-workflow';
import type { BinaryStore } from '../../../nodes/shared/files/binaryFile';
import { PublicLinks } from '../../../nodes/shared/outputs/publicLinks';

const REPLICATE = new URL('https://api.replicate.com/v1');
const onDisk: IBinaryData = { id: 'filesystem-v2:1', data: 'filesystem-v2', mimeType: 'image/png' };
const inMemory: IBinaryData = { data: 'AA==', mimeType: 'image/png' };

describe('a public link', () => {
	const storeAt = (origin: string): BinaryStore =>
		({
			createBinarySignedUrl: ({ id }: IBinaryData, expiresIn?: string) =>
				`${origin}/${id}?for=${expiresIn}`,
		}) as unknown as BinaryStore;
	const linksOf = (store: BinaryStore, kept: IBinaryData, baseUrl = REPLICATE) => {
		const keep = jest.fn(async () => await Promise.resolve(kept));
		return { links: new PublicLinks(store, keep, baseUrl), keep };
	};

	it('is n8n’s own address, with the end of the hour in which n8n ends it', () => {
		jest.useFakeTimers({ now: new Date('2026-11-30T12:00:00.900Z') });
		const { links } = linksOf(storeAt('https://n8n.example.com'), onDisk);
		expect(links.linkTo(onDisk, 36)).toEqual({
			publicUrl: 'https://n8n.example.com/filesystem-v2:1?for=36 hours',
			publicUrlExpiresAt: '2026-12-02T00:00:00.000Z',
		});
		jest.useRealTimers();
	});

	it.each([
		['n8n is too old', {} as BinaryStore, onDisk, /^This n8n is too old to give public links$/],
		['files are in memory', storeAt('https://n8n.example.com'), inMemory, /in memory$/],
		[
			'it has no https',
			storeAt('http://n8n.example.com'),
			onDisk,
			/is not a public https address$/,
		],
		['it is this machine', storeAt('https://localhost:5678'), onDisk, /^n8n gives no public links/],
		['it is in an intranet', storeAt('https://10.0.0.5'), onDisk, /https:\/\/10\.0\.0\.5 is not/],
	])('is refused where %s', async (_why, store, kept, words) => {
		const { links } = linksOf(store, kept);
		await expect(links.assertPossible()).rejects.toThrow(words);
	});

	it('may be of this machine where Replicate is', async () => {
		const { links } = linksOf(
			storeAt('http://127.0.0.1:5678'),
			onDisk,
			new URL('http://localhost'),
		);
		await expect(links.assertPossible()).resolves.toBeUndefined();
	});

	it('is tried once for all items', async () => {
		const { links, keep } = linksOf(storeAt('https://n8n.example.com'), onDisk);
		await Promise.all([links.assertPossible(), links.assertPossible()]);
		expect(keep).toHaveBeenCalledTimes(1);
	});
});
