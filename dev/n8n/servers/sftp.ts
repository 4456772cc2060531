import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../server';
import { isRoot, startConfigured } from './daemon';
import { sharedFolder } from './folders';
import type { StorageServer } from './storage';

const run = promisify(execFile);

/**
 * Starts Debian's OpenSSH for SFTP alone, with a key that is made for this start. The user is who
 * started it, and nobody else. Its paths are those of this machine.
 *
 * @param folder of its keys and settings, and of its files below `files`
 */
export async function startSftp(folder: string, port?: number): Promise<StorageServer> {
	await mkdir(folder, { recursive: true });
	const files = await sharedFolder(join(folder, 'files'));
	const key = async (name: string) => {
		const path = join(folder, name);
		await rm(path, { force: true });
		await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
		return path;
	};
	const hostKey = await key('host');
	const userKey = await key('user');
	await chmod(folder, 0o755);
	// As root, it wants a folder of its own, which its service makes on a machine that runs one.
	if (isRoot) await mkdir('/run/sshd', { recursive: true });
	const listenPort = await freePort(port);
	const settings = [
		`Port ${listenPort}`,
		'ListenAddress 127.0.0.1',
		`HostKey ${hostKey}`,
		`AuthorizedKeysFile ${userKey}.pub`,
		'PidFile none',
		'StrictModes no',
		'UsePAM no',
		'PasswordAuthentication no',
		// n8n's node asks for it, and spends a minute on a film that does not get smaller.
		'Compression no',
		'PermitRootLogin prohibit-password',
		'Subsystem sftp internal-sftp',
		'ForceCommand internal-sftp',
	];
	const daemon = await startConfigured({
		name: 'The SFTP server',
		debianPackage: 'openssh-server',
		command: '/usr/sbin/sshd',
		args: (file) => ['-D', '-e', '-f', file],
		file: join(folder, 'sshd_config'),
		settings,
		port: listenPort,
	});
	const data = {
		host: '127.0.0.1',
		port: listenPort,
		username: userInfo().username,
		privateKey: await readFile(userKey, 'utf8'),
	};
	return { ...files, credential: { type: 'sftp', data }, stop: daemon.stop };
}
