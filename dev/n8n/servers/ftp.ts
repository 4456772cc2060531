import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../server';
import { isRoot, startConfigured } from './daemon';
import { sharedFolder } from './folders';
import type { StorageServer } from './storage';

/**
 * Starts Debian's vsftpd. Everybody may sign in, read and write, in passive mode as behind a firewall.
 *
 * @param folder of its settings, and of its files below `files`
 */
export async function startFtp(folder: string, port?: number): Promise<StorageServer> {
	const root = join(folder, 'files');
	const empty = join(folder, 'empty');
	await mkdir(empty, { recursive: true });
	const files = await sharedFolder(root);
	const listenPort = await freePort(port);
	const settings = {
		listen: 'YES',
		listen_address: '127.0.0.1',
		listen_port: listenPort,
		background: 'NO',
		anonymous_enable: 'YES',
		local_enable: 'NO',
		no_anon_password: 'YES',
		// The user that Debian's package makes.
		ftp_username: 'ftp',
		// Somebody else than root cannot change users: it serves as who started it.
		run_as_launching_user: isRoot ? 'NO' : 'YES',
		anon_root: root,
		secure_chroot_dir: empty,
		write_enable: 'YES',
		anon_upload_enable: 'YES',
		anon_mkdir_write_enable: 'YES',
		anon_other_write_enable: 'YES',
		anon_world_readable_only: 'NO',
		anon_umask: '022',
		pasv_address: '127.0.0.1',
		xferlog_enable: 'NO',
		// Containers do not let a process take rights from itself.
		seccomp_sandbox: 'NO',
		isolate: 'NO',
		isolate_network: 'NO',
	};
	const daemon = await startConfigured({
		name: 'The FTP server',
		debianPackage: 'vsftpd',
		command: '/usr/sbin/vsftpd',
		args: (file) => [file],
		file: join(folder, 'vsftpd.conf'),
		settings: Object.entries(settings).map(([name, value]) => `${name}=${value}`),
		port: listenPort,
	});
	const data = { host: '127.0.0.1', port: listenPort, username: 'anonymous', password: 'n8n' };
	return { ...files, credential: { type: 'ftp', data }, stop: daemon.stop };
}
