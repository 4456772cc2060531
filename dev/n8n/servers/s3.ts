import { mkdir } from 'node:fs/promises';
import S3rver from 's3rver';
import { freePort } from '../server';
import type { StorageServer, StoredFile } from './storage';

/** The buckets that there are from the start. */
const BUCKETS = ['photos', 'results'];

/**
 * Starts an S3 server: objects in buckets, each with its stored type, signed requests, lists of a
 * thousand at most.
 *
 * @param directory where the objects are kept; a bucket is a folder of it
 * @param port      on 127.0.0.1; any free one if it is missing or taken
 */
export async function startS3(directory: string, port?: number): Promise<StorageServer> {
	await mkdir(directory, { recursive: true });
	const server = new S3rver({
		address: '127.0.0.1',
		port: await freePort(port),
		directory,
		silent: true,
		configureBuckets: BUCKETS.map((name) => ({ name })),
	});
	const endpoint = `http://127.0.0.1:${(await server.run()).port}`;
	const address = (folder: string, name: string) =>
		`${endpoint}/${folder}/${name.split('/').map(encodeURIComponent).join('/')}`;
	return {
		credential: {
			type: 's3',
			data: {
				endpoint,
				region: 'us-east-1',
				accessKeyId: 'S3RVER',
				secretAccessKey: 'S3RVER',
				forcePathStyle: true,
			},
		},
		place: directory,
		async put(folder, name, bytes, type) {
			const answer = await fetch(address(folder, name), {
				method: 'PUT',
				headers: type === undefined ? {} : { 'content-type': type },
				body: new Uint8Array(bytes),
			});
			if (!answer.ok) throw new Error(`S3: ${answer.status} ${await answer.text()}`);
		},
		async list(folder) {
			const files: StoredFile[] = [];
			const { objects } = await server.store.listObjects(folder, {});
			for (const { key: name } of objects) {
				const answer = await fetch(address(folder, name));
				const bytes = Buffer.from(await answer.arrayBuffer());
				files.push({ name, bytes, type: answer.headers.get('content-type') ?? undefined });
			}
			return files;
		},
		stop: async () => await server.close(),
	};
}
