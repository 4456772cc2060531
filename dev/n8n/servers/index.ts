import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startFtp } from './ftp';
import { startMail, type MailServer } from './mail';
import type { Email } from 'postal-mime';
import type { RunningDaemon } from './daemon';
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
	await makeFolder(folder);
	const [s3, ftp, sftp, nextCloudApi] = await startAll([
		startS3(join(folder, 's3')),
		startFtp(join(folder, 'ftp')),
		startSftp(join(folder, 'sftp')),
		startWebDav(join(folder, 'nextcloud')),
	]);
	const stop = async () => await stopAll([s3, ftp, sftp, nextCloudApi]);
	return { s3, ftp, sftp, nextCloudApi, stop };
}

/** The servers that recipes name besides those that the sandbox and the stand-ins are. */
export interface RecipeServers {
	s3: StorageServer;
	mail: MailServer;
	stop(): Promise<void>;
}

/**
 * Starts them, with their settings and files in a folder.
 *
 * @param photos    files that are in the bucket `photos`, by their names
 * @param onMessage called with a line about each mail that somebody gets
 * @throws if one of Debian's is not installed
 */
export async function startRecipeServers(
	folder: string,
	photos: Record<string, Buffer>,
	onMessage: (text: string) => void = () => {},
): Promise<RecipeServers> {
	await makeFolder(folder);
	const onMail = (to: string, { subject, attachments }: Email) => {
		const files = attachments.map(({ filename }) => filename).join(', ');
		onMessage(`mail to ${to}: ${subject} (${files || 'no attachment'})`);
	};
	const [s3, mail] = await startAll([
		startS3(join(folder, 's3')),
		startMail(join(folder, 'mail'), onMail),
	]);
	for (const [name, bytes] of Object.entries(photos)) await s3.put('photos', name, bytes);
	return { s3, mail, stop: async () => await stopAll([s3, mail]) };
}

async function makeFolder(path: string): Promise<void> {
	await mkdir(path, { recursive: true });
	// Some servers run as another user.
	await chmod(path, 0o755);
}

/** @throws what the first of them throws, with none of them left */
async function startAll<T extends RunningDaemon[]>(starting: {
	[K in keyof T]: Promise<T[K]>;
}): Promise<T> {
	const ended = await Promise.allSettled(starting as Array<Promise<RunningDaemon>>);
	const failed = ended.find((one) => one.status === 'rejected');
	const servers = ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
	if (!failed) return servers as T;
	await stopAll(servers);
	throw failed.reason;
}

async function stopAll(servers: RunningDaemon[]): Promise<void> {
	await Promise.all(servers.map(async (server) => await server.stop()));
}
