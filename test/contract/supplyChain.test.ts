import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import manifest from '../../package.json';

const root = resolve(__dirname, '../..');

/** Licences under which a library may be bundled into a package under the MIT licence. */
const ALLOWED = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'Unlicense'];

/** Words that are in the text of each licence, and in no other. */
const WORDS: Record<string, RegExp> = {
	MIT: /Permission is hereby granted, free of charge, .*THE SOFTWARE IS PROVIDED/i,
	ISC: /Permission to use, copy, modify, and\/or distribute this software/i,
	'BSD-2-Clause': /Redistribution and use in source and binary forms/i,
	'BSD-3-Clause': /Redistribution and use in source and binary forms/i,
	'Apache-2.0': /Apache License,? Version 2\.0/i,
	'0BSD': /Permission to use, copy, modify, and\/or distribute this software/i,
	Unlicense: /This is free and unencumbered software/i,
};

interface LockedPackage {
	version?: string;
	resolved?: string;
	integrity?: string;
	link?: boolean;
	inBundle?: boolean;
}

describe('the supply chain', () => {
	it('has a checksum for every package, and none from elsewhere than a registry', () => {
		const lock = JSON.parse(readFileSync(resolve(root, 'package-lock.json'), 'utf8')) as {
			packages: Record<string, LockedPackage>;
		};
		const packages = Object.entries(lock.packages).filter(
			([path, { inBundle }]) => path !== '' && !inBundle,
		);
		expect(packages.length).toBeGreaterThan(500);
		for (const [path, { resolved, integrity, link }] of packages) {
			// Without an address a package comes from the registry that npm is set to.
			expect(resolved ?? 'https://registry.npmjs.org/').toMatch(
				/^https:\/\/registry\.npmjs\.org\//,
			);
			expect(link).toBeUndefined();
			expect(`${path} ${integrity}`).toMatch(/^\S+ sha512-/);
		}
	});

	it('runs nothing when it is installed, and is published with provenance', () => {
		const scripts = Object.keys(manifest.scripts);
		const atInstall = /^(?:pre|post)?(?:install|prepare|publish|pack)$|^dependencies$/;
		expect(scripts.filter((name) => atInstall.test(name))).toEqual([]);
		expect(readFileSync(resolve(root, '.npmrc'), 'utf8')).toContain('ignore-scripts=true');
		expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
	});

	it('lists every bundled library with a licence that allows it', () => {
		const listed = readFileSync(resolve(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8')
			.split(`\n${'-'.repeat(72)}\n\n`)
			.map((entry) => /^(\S+) (\S+) \((.+)\)\n\n([\s\S]*)$/.exec(entry)!.slice(1));
		expect(listed.length).toBeGreaterThan(8);
		const known = Object.keys(manifest.devDependencies);
		expect(known).toEqual(expect.arrayContaining(['undici', 'valibot']));
		for (const [name, , license, text] of listed) {
			expect([name, ALLOWED.includes(license!)]).toEqual([name, true]);
			expect([name, WORDS[license!]!.test(text!.replace(/\s+/g, ' '))]).toEqual([name, true]);
			expect([name, /copyright|unlicense/i.test(text!)]).toEqual([name, true]);
		}
		const code = readdirSync(resolve(root, 'dist/lib'), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) => readFileSync(resolve(parentPath, name), 'utf8'))
			.join('\n');
		const bundled = [...code.matchAll(/^\s*\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)];
		expect(new Set(listed.map(([name]) => name))).toEqual(new Set(bundled.map(([, name]) => name)));
	});
});
