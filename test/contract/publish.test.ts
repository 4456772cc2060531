import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import manifest from '../../package.json';

const root = resolve(__dirname, '../..');

interface Step {
	uses?: string;
	run?: string;
	env?: unknown;
	with?: Record<string, unknown>;
}
interface Job {
	permissions?: Record<string, string>;
	needs?: string;
	steps: Step[];
}

describe('the workflow that publishes', () => {
	const text = readFileSync(join(root, '.github/workflows/publish.yml'), 'utf8');
	const workflow = parse(text) as { permissions: object; jobs: Record<string, Job> };
	const { build, publish } = workflow.jobs as { build: Job; publish: Job };
	let folder: string;
	beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'publish-'))));
	afterEach(() => rmSync(folder, { recursive: true }));

	it('gives the right to publish to a job alone that runs nothing of the repository', () => {
		expect(Object.keys(workflow.jobs)).toEqual(['build', 'publish']);
		expect(workflow.permissions).toEqual({});
		expect(build.permissions).toEqual({ contents: 'read' });
		expect(publish).toMatchObject({ needs: 'build', permissions: { 'id-token': 'write' } });
		expect(Object.keys(publish.permissions!)).toEqual(['id-token']);
		const used = publish.steps.map(({ uses = 'a script' }) => uses.split('@')[0]);
		expect(used).toEqual(['actions/setup-node', 'actions/download-artifact', 'a script']);
		const { run = '' } = publish.steps.at(-1)!;
		expect(run).not.toMatch(/npm (?:ci|install|i|run|test|exec)|npx|(?<!\/)dev\/|node_modules/);
	});

	it('has no token, and no address of a registry', () => {
		expect(text).not.toMatch(/secrets\.|TOKEN|registry|_auth/);
		expect(JSON.stringify([...build.steps, ...publish.steps].map(({ env }) => env ?? {}))).toBe(
			JSON.stringify([...build.steps, ...publish.steps].map(() => ({}))),
		);
	});

	it('takes every action by the hash of its commit', () => {
		const actions = [...text.matchAll(/uses: (\S+)(.*)/g)];
		expect(actions.length).toBeGreaterThan(3);
		for (const [, action, version] of actions) {
			expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
			expect(version).toMatch(/^ # v\d+\.\d+\.\d+$/);
		}
	});

	it('checks the tag, and both names, before anything is handed over', () => {
		const steps = build.steps.map(({ run, uses }) => run ?? uses!.split('@')[0]!);
		const place = (words: string) => steps.findIndex((step) => step.startsWith(words));
		expect(place('bash dev/scripts/check-release.sh "$GITHUB_REF_NAME"')).toBe(2);
		expect(place('npm ci --ignore-scripts')).toBe(3);
		const names = steps.filter((step) => step.includes('check-npm-name.sh'));
		expect(names.map((step) => step.split(' ').at(-1))).toEqual([
			'"$GITHUB_REPOSITORY"',
			'dist-cloud',
		]);
		expect(steps.at(-1)).toBe('actions/upload-artifact');
	});

	/** Runs the script of the job that publishes, with an npm that has these packages already. */
	function publishing(tag: string, there: string[], packed: Record<string, string>) {
		mkdirSync(join(folder, 'packages/package'), { recursive: true });
		for (const [file, name] of Object.entries(packed)) {
			const [, own, version] = /^(.+)@(.+)$/.exec(name)!;
			const inside = join(folder, 'packages/package/package.json');
			writeFileSync(inside, JSON.stringify({ name: own, version }));
			execFileSync('tar', ['-czf', file, 'package'], { cwd: join(folder, 'packages') });
		}
		const npm = join(folder, 'npm');
		writeFileSync(
			npm,
			`#!/usr/bin/env bash\nif [[ $1 == view ]]; then\n  case " ${there.join(' ')} " in *" $2 "*) echo "\${2##*@}" ;; *) echo E404 >&2; exit 1 ;; esac\nelse\n  echo "npm $*" >> ${join(folder, 'log')}\nfi\n`,
		);
		chmodSync(npm, 0o755);
		const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, GITHUB_REF_NAME: tag };
		const { status, stderr } = spawnSync('bash', ['-c', publish.steps.at(-1)!.run!], {
			cwd: folder,
			env,
			encoding: 'utf8',
		});
		const log = spawnSync('cat', [join(folder, 'log')], { encoding: 'utf8' }).stdout;
		return {
			status,
			stderr,
			published: [...log.matchAll(/publish \.\/packages\/(\S+)\.tgz/g)].map(([, file]) => file),
		};
	}
	const [one, other] = [manifest.name, `${manifest.name}-cloud`];
	const both = { [`${one}-1.2.3.tgz`]: `${one}@1.2.3`, [`${other}-1.2.3.tgz`]: `${other}@1.2.3` };

	it.each<[string, string[], string[]]>([
		['both packages', [], [`${one}-1.2.3`, `${other}-1.2.3`]],
		['the rest of a run that broke off', [`${one}@1.2.3`], [`${other}-1.2.3`]],
		['nothing that is there already', [`${one}@1.2.3`, `${other}@1.2.3`], []],
		[
			'a new version of what is there',
			[`${one}@1.2.2`, `${other}@1.2.2`],
			[`${one}-1.2.3`, `${other}-1.2.3`],
		],
	])('publishes %s', (_what, there, expected) => {
		expect(publishing('v1.2.3', there, both)).toMatchObject({ status: 0, published: expected });
	});

	it.each<[string, Record<string, string>]>([
		['another name', { ...both, [`${other}-1.2.3.tgz`]: 'evil@1.2.3' }],
		['another version', { ...both, [`${one}-1.2.3.tgz`]: `${one}@9.9.9` }],
		['nothing', {}],
	])('publishes nothing where a package is of %s', (_what, packed) => {
		const { status, published } = publishing('v1.2.3', [], packed);
		expect(status).not.toBe(0);
		expect(published).toEqual([]);
	});

	it.each([
		['v1.2.3', true, 0],
		['v1.2.4', true, 1],
		['1.2.3', true, 1],
		['v1.2.3', false, 1],
	])('goes on with the tag %s on main (%s) or not: %s', (tag, isOnMain, code) => {
		const git = (...args: string[]) =>
			execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], {
				cwd: folder,
				stdio: 'pipe',
			});
		git('init', '-q');
		writeFileSync(join(folder, 'package.json'), '{"version":"1.2.3"}');
		git('add', '.');
		git('commit', '-qm', 'one');
		git('update-ref', 'refs/remotes/origin/main', 'HEAD');
		if (!isOnMain) git('commit', '-q', '--allow-empty', '-m', 'two');
		const script = join(root, 'dev/scripts/check-release.sh');
		const { status } = spawnSync('bash', [script, tag], { cwd: folder, encoding: 'utf8' });
		expect(status).toBe(code);
	});
});
