import { createHash } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../server';
import { isRoot, startConfigured } from './daemon';
import { sharedFolder } from './folders';
import type { StorageServer } from './storage';

/** Where Nextcloud has its files; n8n's node takes as many characters off each path. */
const PATH = '/remote.php/webdav';
const USER = { name: 'n8n', password: 'n8n' };

/**
 * Starts Debian's Apache with WebDAV where Nextcloud has it. n8n's Nextcloud node reads lists with the
 * XML prefix that Nextcloud writes, so they are given with that one.
 *
 * @param folder of its settings, and of its files below `files`
 */
export async function startWebDav(folder: string, port?: number): Promise<StorageServer> {
	const root = join(folder, 'files');
	const locks = join(folder, 'locks');
	await mkdir(locks, { recursive: true });
	await chmod(locks, 0o777);
	const files = await sharedFolder(root);
	const hash = createHash('sha1').update(USER.password).digest('base64');
	await writeFile(join(folder, 'users'), `${USER.name}:{SHA}${hash}\n`);
	const listenPort = await freePort(port);
	const modules = {
		mpm_event: 'mod_mpm_event',
		authn_core: 'mod_authn_core',
		authn_file: 'mod_authn_file',
		authz_core: 'mod_authz_core',
		authz_user: 'mod_authz_user',
		auth_basic: 'mod_auth_basic',
		alias: 'mod_alias',
		mime: 'mod_mime',
		dav: 'mod_dav',
		dav_fs: 'mod_dav_fs',
		filter: 'mod_filter',
		headers: 'mod_headers',
		substitute: 'mod_substitute',
	};
	const settings = [
		...Object.entries(modules).map(
			([name, file]) => `LoadModule ${name}_module /usr/lib/apache2/modules/${file}.so`,
		),
		`ServerRoot "${folder}"`,
		'ServerName 127.0.0.1',
		`Listen 127.0.0.1:${listenPort}`,
		`PidFile "${folder}/pid"`,
		`DefaultRuntimeDir "${locks}"`,
		`ErrorLog "${folder}/log"`,
		...(isRoot ? ['User nobody', 'Group nogroup'] : []),
		'TypesConfig /etc/mime.types',
		`DavLockDB "${locks}/dav"`,
		`DocumentRoot "${root}"`,
		`Alias ${PATH} "${root}"`,
		`<Location ${PATH}>`,
		'	Dav On',
		'	AuthType Basic',
		'	AuthName "files"',
		`	AuthUserFile "${folder}/users"`,
		'	Require valid-user',
		// As in Nextcloud, a list without a depth is that of one folder.
		'	RequestHeader setIfEmpty Depth 1',
		'	<If "%{REQUEST_METHOD} == \'PROPFIND\'">',
		'		SetOutputFilter SUBSTITUTE',
		'		Substitute "s#(</?)(D|lp[0-9]+):#$1d:#"',
		'		Substitute "s# xmlns:lp[0-9]+=.[^ >]+##"',
		'		Substitute "s#xmlns:D=#xmlns:d=#"',
		'	</If>',
		'</Location>',
	];
	const daemon = await startConfigured({
		name: 'The WebDAV server',
		debianPackage: 'apache2',
		command: '/usr/sbin/apache2',
		args: (file) => ['-D', 'FOREGROUND', '-f', file],
		file: join(folder, 'apache.conf'),
		settings,
		port: listenPort,
	});
	const data = {
		webDavUrl: `http://127.0.0.1:${listenPort}${PATH}`,
		user: USER.name,
		password: USER.password,
	};
	return { ...files, credential: { type: 'nextCloudApi', data }, stop: daemon.stop };
}
