import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { name } from '../../package.json';

const root = resolve(__dirname, '../..');
const OURS = 'somebody/our-nodes';

/** What the registry has under the package's name; `undefined`: nothing. */
let published: { repository?: unknown } | undefined;
/** What the registry returns instead, as when it is down. */
let status = 200;

describe('the publish workflow', () => {
	let registry: Server;
	let cache: string;

	beforeAll(async () => {
		cache = mkdtempSync(join(tmpdir(), 'npm-name-'));
		registry = createServer(({ url }, response) => {
			const isKnown = published && url === `/${name}`;
			response.writeHead(status === 200 && !isKnown ? 404 : status, {
				'content-type': 'application/json',
			});
			const version = { name, version: '1.0.0', ...published };
			response.end(
				JSON.stringify(
					isKnown
						? { name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }
						: { error: 'not found' },
				),
			);
		}).listen(0, '127.0.0.1');
		await new Promise((settle) => registry.once('listening', settle));
	});

	beforeEach(() => {
		published = undefined;
		status = 200;
	});

	afterAll(async () => {
		await new Promise((settle) => registry.close(settle));
		rmSync(cache, { recursive: true });
	});

	/** Runs the script with the registry above; gives its exit code and what it says. */
	async function check(folder = root): Promise<{ code: number; words: string }> {
		const { port } = registry.address() as AddressInfo;
		return await new Promise((settle) => {
			execFile(
				'bash',
				[join(root, 'dev/scripts/check-npm-name.sh'), OURS, folder],
				{
					cwd: root,
					env: {
						...process.env,
						npm_config_registry: `http://127.0.0.1:${port}/`,
						npm_config_cache: cache,
						npm_config_fetch_retries: '0',
						npm_config_noproxy: '127.0.0.1',
						// npm keeps responses, and each test has another one.
						npm_config_prefer_online: 'true',
					},
				},
				(error, stdout, stderr) => {
					settle({ code: error ? Number(error.code) : 0, words: stdout + stderr });
				},
			);
		});
	}

	it('goes on when the name is free', async () => {
		expect(await check()).toEqual({ code: 0, words: `${name} is free on npm.\n` });
	});

	it.each([
		'git+https://github.com/somebody/our-nodes.git',
		'https://github.com/Somebody/Our-Nodes',
		'git@github.com:somebody/our-nodes.git',
		'git+ssh://git@github.com/somebody/our-nodes.git',
		'github:somebody/our-nodes',
	])('goes on when the name is published from this repository: %s', async (url) => {
		published = { repository: { type: 'git', url } };
		expect(await check()).toMatchObject({ code: 0 });
	});

	it.each([
		['git+https://github.com/somebody/our-nodes-too.git'],
		['git+https://github.com/somebody-else/our-nodes.git'],
		['https://example.com/?https://github.com/somebody/our-nodes'],
	])('stops when the name belongs to another repository: %s', async (url) => {
		published = { repository: { type: 'git', url } };
		const { code, words } = await check();
		expect(code).toBe(1);
		expect(words).toContain('Nothing is published');
	});

	it('stops when the package there names no repository', async () => {
		published = {};
		expect(await check()).toMatchObject({
			code: 1,
			words: expect.stringContaining('a package without a repository'),
		});
	});

	it('stops when the registry cannot say', async () => {
		status = 500;
		expect(await check()).toMatchObject({ code: 1 });
	});

	it('reads the name of the folder that is published', async () => {
		const folder = mkdtempSync(join(cache, 'edition-'));
		writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'another-edition' }));
		published = { repository: { url: 'https://github.com/somebody-else/nodes' } };
		expect(await check(folder)).toMatchObject({
			code: 0,
			words: 'another-edition is free on npm.\n',
		});
	});
});
