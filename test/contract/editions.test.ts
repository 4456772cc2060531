import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import { cloud, selfHosted } from '../../dev/build/editions.js';

const root = resolve(__dirname, '../..');
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

describe('the cloud edition', () => {
	const folder = join(root, cloud.folder);
	const { name, n8n } = cloud.manifest;
	const scripts = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.js'))
		.map((file) => readFileSync(join(folder, 'dist', file), 'utf8'));

	it('is a package of its own, without dependencies', () => {
		expect(name).toBe(`${selfHosted.manifest.name}-cloud`);
		const manifest = json(join(folder, 'package.json'));
		expect(manifest).toMatchObject({
			name,
			version: json(join(root, 'package.json')).version,
			n8n: { strict: true },
			peerDependencies: { 'n8n-workflow': '*' },
		});
		expect(
			Object.keys(manifest).filter((key) => /^(dev|optional)?dependencies$/i.test(key)),
		).toEqual([]);
	});

	it('uses nothing of Node’s but node:crypto, and sends under its own name', () => {
		const required = scripts.flatMap((code) =>
			[...code.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, module]) => module!),
		);
		const outside = new Set(required.filter((module) => !module.startsWith('.')));
		expect(outside).toEqual(new Set(['@n8n/ai-node-sdk', 'n8n-workflow', 'node:crypto']));
		const code = scripts.join('\n');
		expect(code).not.toMatch(/undici/i);
		expect(code).toContain(`"${name}"`);
	});

	it.each(n8n.nodes)('has in %s the same node as the self-hosted edition', async (file) => {
		type Nodes = Record<string, new () => INodeType>;
		const [own, other] = await Promise.all(
			[folder, root].map(async (from) => {
				const [Node] = Object.values((await import(join(from, file))) as Nodes);
				return new Node!();
			}),
		);
		expect(JSON.stringify(own!.description)).toBe(JSON.stringify(other!.description));
		const codex = json(join(folder, file.replace(/\.js$/, '.json')));
		expect(codex.node).toBe(`${name}.${own!.description.name}`);
	});

	it('has the same credential', async () => {
		type Credentials = { ReplicateApi: new () => ICredentialType };
		const [own, other] = await Promise.all(
			[folder, root].map(
				async (from) =>
					new ((await import(join(from, n8n.credentials[0]!))) as Credentials).ReplicateApi(),
			),
		);
		const { documentationUrl, ...rest } = own!;
		expect(other).toMatchObject({ ...rest });
		expect(documentationUrl).toBeDefined();
	});
});
