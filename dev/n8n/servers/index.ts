import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startFtp } from './ftp';
import { startS3 } from './s3';
import { startSftp } from './sftp';
import type { StorageServer } from './storage';
import { startWebDav } from './webdav';

/** The servers that files are stored at, by the credential with which n8n signs in. */
export interface StorageServers {
	s3: StorageServer;
	ftp: StorageServer;
	sftp: StorageServer;
	nextCloudApi: StorageServer;
	stop(): Promise<void>;
}

/**
 * Starts all servers that files are stored at, on loopback.
 *
 * @param folder for their settings and files, each in a folder of its own; other users must get to it
 * @throws if one of Debian's is not installed
 */
export async function startStorage(folder: string): Promise<StorageServers> {
	await mkdir(folder, { recursive: true });
	await chmod(folder, 0o755);
	const started = await Promise.allSettled([
		startS3(join(folder, 's3')),
		startFtp(join(folder, 'ftp')),
		startSftp(join(folder, 'sftp')),
		startWebDav(join(folder, 'nextcloud')),
	]);
	const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
	const stop = async () => void (await Promise.all(servers.map(async (one) => await one.stop())));
	const failed = started.find((one) => one.status === 'rejected');
	if (failed) {
		await stop();
		throw failed.reason;
	}
	const [s3, ftp, sftp, nextCloudApi] = servers as [
		StorageServer,
		StorageServer,
		StorageServer,
		StorageServer,
	];
	return { s3, ftp, sftp, nextCloudApi, stop };
}
