import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import { cloud } from '../../dev/build/editions.js';
import { ReplicateApi } from '../../credentials/ReplicateApi.credentials';
import { Replicate } from '../../nodes/Replicate/Replicate.node';
import { ReplicateChatModel } from '../../nodes/ReplicateChatModel/ReplicateChatModel.node';
import { ReplicateTrigger } from '../../nodes/ReplicateTrigger/ReplicateTrigger.node';
import { resources } from '../../nodes/Replicate/actions/resources';

const root = resolve(__dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	name: string;
	peerDependencies: object;
	keywords: string[];
	n8n: { nodes: string[]; credentials: string[] };
};

/** What npm packs of a folder; its size in bytes. */
function packed(folder: string) {
	const output = execFileSync('npm', ['pack', '--dry-run', '--json'], {
		cwd: folder,
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [pack] = JSON.parse(output.toString()) as [
		{ size: number; files: Array<{ path: string }> },
	];
	return pack;
}

describe('the published package', () => {
	it('holds only what n8n needs', () => {
		const { files } = packed(root);
		const paths = files.map(({ path }) => path);
		const outside = paths.filter((path) => !path.startsWith('dist/')).sort();
		expect(outside).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
		expect(paths).toEqual(
			expect.arrayContaining([
				...manifest.n8n.nodes,
				...manifest.n8n.credentials,
				'dist/THIRD-PARTY-LICENSES.txt',
				'dist/nodes/Replicate/Replicate.node.json',
				'dist/nodes/Replicate/replicate.svg',
				'dist/nodes/Replicate/replicate.dark.svg',
				'dist/credentials/replicate.svg',
			]),
		);
	});

	it.each([
		['self-hosted', root],
		['cloud', join(root, cloud.folder)],
	])('is smaller than 500 kB: %s edition', (_edition, folder) => {
		expect(packed(folder).size).toBeLessThan(500_000);
	});

	it('has no runtime dependencies, and leaves n8n’s own packages to the host', () => {
		const installed = Object.keys(manifest).filter((name) => /dependencies$/i.test(name));
		expect(installed.sort()).toEqual(['devDependencies', 'peerDependencies']);
		expect(manifest.peerDependencies).toEqual({ '@n8n/ai-node-sdk': '*', 'n8n-workflow': '*' });
		expect(manifest.keywords).toContain('n8n-community-node-package');
		const scripts = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
			(file) => file.endsWith('.js'),
		);
		const code = scripts.map((file) => readFileSync(join(root, 'dist', file), 'utf8')).join('\n');
		const required = [...code.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name]) => name!);
		const isOwn = (name: string) => name.startsWith('.');
		const outside = new Set(required.filter((name) => !isBuiltIn(name) && !isOwn(name)));
		expect(outside).toEqual(new Set(['@n8n/ai-node-sdk', 'n8n-workflow']));
	});

	it.each([
		['self-hosted', root],
		['cloud', join(root, cloud.folder)],
	])('is read at n8n’s start without the code that executes: %s edition', (_edition, folder) => {
		const { nodes, credentials } = manifest.n8n;
		const script = `
			const made = ${JSON.stringify([...nodes, ...credentials])}.map((file) => {
				const [Exported] = Object.values(require('./' + file));
				return new Exported();
			});
			const code = () => Object.keys(require.cache).filter((file) => /[\\/]lib[\\/]/.test(file));
			const before = code();
			made[0].execute.call({}).catch(() => {
				process.stdout.write(JSON.stringify({ made, before, after: code() }));
			});`;
		const output = execFileSync(process.execPath, ['-e', script], { cwd: folder }).toString();
		const seen = JSON.parse(output) as Record<'before' | 'after', string[]> & { made: object[] };
		expect(seen.before).toEqual([]);
		expect(seen.after.map((file) => basename(file))).toContain('nodes.js');
		const source = [new Replicate(), new ReplicateTrigger(), new ReplicateChatModel()];
		expect(seen.made).toEqual(JSON.parse(JSON.stringify([...source, new ReplicateApi()])));
	});

	it('names its node, its operations and its credential as saved workflows know them', async () => {
		const { Replicate: Built } = (await import(join(root, manifest.n8n.nodes[0]!))) as {
			Replicate: new () => INodeType;
		};
		const { description } = new Built();
		expect(description).toMatchObject({ name: 'replicate', usableAsTool: true, version: 1 });
		const operations = description.properties
			.filter(({ name }) => name === 'operation')
			.map(({ displayOptions, options }) => [
				(displayOptions!.show!.resource as string[])[0],
				options!.map((option) => (option as { value: string }).value),
			]);
		const source = Object.entries(resources).map(([name, resource]) => [
			name,
			Object.keys(resource.operations),
		]);
		expect(operations).toEqual(source);
		const { ReplicateApi: BuiltApi } = (await import(join(root, manifest.n8n.credentials[0]!))) as {
			ReplicateApi: new () => ICredentialType;
		};
		const credential = new BuiltApi();
		expect(credential.name).toBe('replicateApi');
		expect(credential.properties.map(({ name }) => name)).toEqual([
			'whereToFindIt',
			'apiToken',
			'baseUrl',
			'headers',
		]);
		expect(credential.test!.request).toMatchObject({ url: '/account' });
	});
});

function isBuiltIn(name: string): boolean {
	return name.startsWith('node:') || process.getBuiltinModule?.(`node:${name}`) !== undefined;
}
