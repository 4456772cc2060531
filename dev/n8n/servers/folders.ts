import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageServer } from './storage';

/** The folders that a server has from the start. */
const FOLDERS = ['photos', 'results'];

/**
 * What a server shows of a folder on this machine, whose user differs from ours: it is written to by
 * whoever the server runs as. Such a server keeps no MIME types.
 */
export async function sharedFolder(
	root: string,
): Promise<Pick<StorageServer, 'place' | 'put' | 'list'>> {
	for (const folder of FOLDERS) {
		await mkdir(join(root, folder), { recursive: true });
		await chmod(join(root, folder), 0o777);
	}
	return {
		place: root,
		async put(folder, name, bytes) {
			const path = join(root, folder, name);
			await writeFile(path, bytes);
			await chmod(path, 0o666);
		},
		async list(folder) {
			const names = (await readdir(join(root, folder))).sort();
			return await Promise.all(
				names.map(async (name) => ({ name, bytes: await readFile(join(root, folder, name)) })),
			);
		},
	};
}
