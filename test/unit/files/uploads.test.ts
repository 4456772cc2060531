import { Readable } from 'node:stream';
import type { ReplicateClient, StreamedBody } from '../../../nodes/shared/api/client';
import { now } from '../../../nodes/shared/api/clock';
import { readText } from '../../../nodes/shared/api/exchange';
import { errorFromNetwork } from '../../../nodes/shared/api/networkError';
import type { BinaryFile, BinaryStore } from '../../../nodes/shared/files/binaryFile';
import { deleteUploads, Uploads } from '../../../nodes/shared/files/uploads';

const file = (content: string, storeId?: string): BinaryFile => ({
	name: 'a.txt',
	mimeType: 'text/plain',
	bytes: content.length,
	storeId,
	open: async () => Readable.from([Buffer.from(content)]),
	read: async () => Buffer.from(content),
});

/** Files of these sizes in bytes, as a run's items hold them. */
const carried = (...sizes: number[]) =>
	sizes.map((bytes, at) => ({ id: `store:${at}`, data: '', mimeType: 'text/plain', bytes }));

/** A client that numbers its uploads, and notes what it is asked. */
function replicate(
	fails: (upload: number) => boolean = () => false,
	failure = new Error('broken'),
) {
	const uploaded: string[] = [];
	const client = {
		async upload(path: string, body: StreamedBody) {
			const content = await readText(await body.open());
			uploaded.push(`${path} ${/\r\n\r\n(.*)\r\n--/s.exec(content)![1]}`);
			if (fails(uploaded.length)) throw failure;
			return { id: `id${uploaded.length}`, urls: { get: `https://x/${uploaded.length}` } };
		},
	};
	return { uploaded, client: client as unknown as ReplicateClient };
}

describe('Uploads', () => {
	it('sends one file once, whatever items it is in', async () => {
		const { client, uploaded } = replicate();
		const uploads = new Uploads(client, carried(5, 3));
		const same = [file('hello', 'store:1'), file('hello', 'store:1'), file('abc', 'store:2')];
		const sent = await Promise.all(same.map(async (one) => await uploads.upload(one)));
		expect(sent.map(({ id }) => id)).toEqual(['id1', 'id1', 'id2']);
		expect(uploaded).toEqual(['/files hello', '/files abc']);
	});

	it('knows the same bytes under two ids of n8n, and in memory, and reads none twice as large', async () => {
		const { client, uploaded } = replicate();
		const uploads = new Uploads(client, carried(5, 5, 5, 5));
		const [a, b] = [file('hello', 'store:1'), file('hello', 'store:2')];
		const [c, d] = [file('hello'), file('other', 'store:3')];
		const ids = [];
		for (const one of [a, b, c, d]) ids.push((await uploads.upload(one)).id);
		expect(ids).toEqual(['id1', 'id1', 'id1', 'id2']);
		expect(uploaded).toHaveLength(2);
	});

	it('hashes no file whose size is its own', async () => {
		const { client } = replicate();
		let opened = 0;
		const counted = {
			...file('hello', 'store:1'),
			open: async () => {
				opened += 1;
				return Readable.from([Buffer.from('hello')]);
			},
		};
		await new Uploads(client, carried(5, 3)).upload(counted);
		expect(opened).toBe(1);
		await new Uploads(client, carried(5, 5)).upload(counted);
		expect(opened).toBe(3);
		await new Uploads(client, carried()).upload(counted);
		expect(opened).toBe(4);
	});

	it('counts the run’s files once', async () => {
		const { client } = replicate();
		const asked: string[] = [];
		const store = {
			getBinaryMetadata: async (id: string) => {
				asked.push(id);
				if (id === 'gone') throw new Error('gone');
				return await Promise.resolve({ fileSize: 5 });
			},
		} as unknown as BinaryStore;
		const ids = ['store:1', 'store:2', 'store:1', 'gone'];
		const unsized = ids.map((id) => ({ id, data: '', mimeType: 'text/plain' }));
		const uploads = new Uploads(client, unsized, store);
		for (const id of ['store:1', 'store:2']) await uploads.upload(file('hello', id));
		expect(asked.sort()).toEqual(['gone', 'store:1', 'store:2']);
	});

	it('tries again for the next item when an upload failed', async () => {
		const { client, uploaded } = replicate((upload) => upload === 1);
		const uploads = new Uploads(client, carried(5));
		await expect(uploads.upload(file('hello', 'store:1'))).rejects.toThrow('broken');
		expect((await uploads.upload(file('hello', 'store:1'))).id).toBe('id2');
		expect(uploaded).toHaveLength(2);
	});

	it('goes on for an item that has more time than the one that began it', async () => {
		const outOfTime = errorFromNetwork('https://x', 'TIME_UP', true);
		const { client, uploaded } = replicate((upload) => upload === 1, outOfTime);
		const uploads = new Uploads(client, carried(5));
		const first = uploads.upload(file('hello', 'store:1'), { until: now() });
		const second = uploads.upload(file('hello', 'store:1'), { until: now() + 60_000 });
		await expect(first).rejects.toThrow(
			'The file "a.txt" could not be uploaded within the time limit',
		);
		expect((await second).id).toBe('id2');
		expect(uploaded).toHaveLength(2);
	});

	it('are removed each by itself, so that one that is gone already stops no other', async () => {
		const deleted: string[] = [];
		const client = {
			delete: async (path: string) => {
				deleted.push(path);
				if (path.endsWith('id1')) throw new Error('gone already');
				await Promise.resolve();
			},
		};
		await deleteUploads(client as unknown as ReplicateClient, ['id1', 'a/b']);
		expect(deleted).toEqual(['/files/id1', '/files/a%2Fb']);
	});
});
