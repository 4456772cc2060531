const { dirname, join } = require('node:path');
const manifest = require('../../package.json');

/** Libraries that no node needs before its work begins. */
const LAZY = [
	'@cfworker/json-schema',
	'file-type',
	'form-data-encoder',
	'htmlparser2',
	'ipaddr.js',
	'lossless-json',
	'mime-types',
	're2js',
	'standardwebhooks',
	'zod-to-json-schema',
	'zod/v4/core',
];

/** What becomes of the package's name in the cloud edition. */
const CLOUD_SUFFIX = '-cloud';

/** Libraries of which a part is enough. */
const PARTS = {
	// Its other entry reads files and streams of Node's.
	'file-type': require.resolve('file-type/core'),
	// The rest makes trees of what was parsed, and text of trees.
	htmlparser2: join(require.resolve('htmlparser2'), '../../esm/Parser.js'),
	// The rest of zod makes schemas, which is the work of whoever wrote a tool.
	'zod/v4/core': join(dirname(require.resolve('zod/v4/core')), 'to-json-schema.js'),
};

/**
 * The packages that are built from one source.
 *
 * `folder`   where the package is, ready to be packed
 * `lazy`     libraries with a file of their own, read when they are first used: n8n reads the code of
 *            all nodes whenever it starts, and these are three quarters of it
 * `standIns` what takes the place of a module
 * `esbuild`  how modules are found, and what takes the place of globals
 */
const selfHosted = {
	folder: '.',
	manifest,
	lazy: ['undici', ...LAZY],
	standIns: PARTS,
	esbuild: { platform: 'node' },
};

const cloud = {
	folder: 'dist-cloud',
	manifest: cloudManifest(),
	lazy: LAZY,
	standIns: {
		'../transports/edition': 'transports/cloudEdition.ts',
		debug: 'transports/n8n/standIns/debug.ts',
		path: 'transports/n8n/standIns/path.ts',
		...PARTS,
	},
	// Node has Buffer and the like, but a library that needs a built-in fails the build.
	esbuild: {
		platform: 'neutral',
		mainFields: ['module', 'main'],
		inject: ['transports/n8n/standIns/timers.ts'],
		// n8n's scanner finds them in a library, too.
		drop: ['console'],
		define: Object.fromEntries(
			['TextDecoder', 'TextEncoder'].map((name) => [`globalThis.${name}`, name]),
		),
	},
};

/** The same package, as n8n's scanner wants it: strict, and without what only builds and proves it. */
function cloudManifest() {
	const { scripts, devDependencies, files, homepage, n8n, ...rest } = manifest;
	const name = manifest.name + CLOUD_SUFFIX;
	return {
		...rest,
		name,
		homepage: homepage.replace(manifest.name, name),
		files: ['dist', 'CHANGELOG.md'],
		n8n: { ...n8n, strict: true },
	};
}

/** A text of the source with the package's name as this edition has it. */
function named({ manifest: { name } }, text) {
	return text.replaceAll(new RegExp(`${manifest.name}(?!${CLOUD_SUFFIX})`, 'g'), name);
}

/**
 * The cloud edition's package.json as it is in the source. n8n's scanner looks in the source of a
 * package for one of its name, and lints what is beside it: the nodes, by a link, with the libraries
 * that are bundled.
 */
const cloudSource = {
	folder: 'cloud',
	manifest: { ...cloud.manifest, private: true, devDependencies: manifest.devDependencies },
};

module.exports = { selfHosted, cloud, cloudSource, named };
