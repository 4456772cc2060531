const { execFile } = require('node:child_process');
const { mkdir, readFile, rm, writeFile } = require('node:fs/promises');
const { basename, dirname, join, posix } = require('node:path');
const { promisify } = require('node:util');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const { n8n } = require('./package.json');

const run = promisify(execFile);

async function clean() {
	await rm('dist', { recursive: true, force: true });
}

async function typecheck() {
	await run(process.execPath, [require.resolve('typescript/bin/tsc'), '--noEmit', '-p', '.']).catch(
		({ stdout }) => {
			// gulp's own report is silent when it is told to be.
			console.error(stdout);
			throw new Error('The types do not hold');
		},
	);
}

/** The code of all nodes, which is read once for all of them. */
const NODES = 'dist/lib/nodes.js';
/**
 * Libraries with a file of their own, read when they are first used. n8n reads `NODES` whenever it
 * starts, and these are two thirds of the code.
 */
const LAZY = ['undici', 'file-type', 'mime-types'];

const options = {
	bundle: true,
	minifySyntax: true,
	platform: 'node',
	target: 'node20',
	format: 'cjs',
	legalComments: 'none',
	metafile: true,
};

/** The lazy libraries stay outside. What our code imports at its beginning is read when it is called. */
const lazy = {
	name: 'lazy',
	setup(build) {
		const isLazy = { filter: new RegExp(`^(?:${LAZY.join('|')})$`) };
		build.onResolve(isLazy, ({ path, kind }) =>
			kind === 'dynamic-import'
				? { path: `./${path}.js`, external: true }
				: { path, namespace: 'lazy' },
		);
		build.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
			contents: Object.entries(require(path))
				.filter(([, exported]) => typeof exported === 'function')
				.map(
					([name]) => `exports.${name} = (...given) => require('./${path}.js').${name}(...given);`,
				)
				.join('\n'),
		}));
		build.onResolve({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({ path, external: true }));
	},
};

/** The source of a node or credential that package.json names. */
function sourceOf(file) {
	return file.replace(/^dist\//, './').replace(/\.js$/, '');
}

/** Counters in our own code, for the report of `npm run test:coverage`. */
const counters = {
	name: 'counters',
	setup(build) {
		const instrument = require('./test/coverage/instrument');
		build.onLoad({ filter: /\/nodes\/.+\.ts$/ }, async ({ path }) => ({
			contents: instrument(await readFile(path, 'utf8'), path),
			loader: 'ts',
		}));
	},
};

/** Libraries go into the bundle; n8n-workflow is the host's own. */
async function bundle() {
	await bundleWith([]);
}

/** The same with counters. Not for publishing. */
async function bundleCounted() {
	await bundleWith([counters]);
}

async function bundleWith(plugins) {
	const nodes = esbuild.build({
		...options,
		stdin: {
			contents: n8n.nodes.map((file) => `export * from '${sourceOf(file)}';`).join('\n'),
			resolveDir: '.',
		},
		outfile: NODES,
		external: ['n8n-workflow'],
		plugins: [lazy, ...plugins],
	});
	const credentials = esbuild.build({
		...options,
		entryPoints: n8n.credentials.map((file) => `${sourceOf(file)}.ts`),
		outdir: 'dist',
		outbase: '.',
		external: ['n8n-workflow'],
	});
	const libraries = esbuild.build({ ...options, entryPoints: LAZY, outdir: dirname(NODES) });
	const built = await Promise.all([nodes, credentials, libraries]);
	const files = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
	await writeFile('dist/THIRD-PARTY-LICENSES.txt', await licenses(files));
	await Promise.all(n8n.nodes.map(nodeFile));
}

/** The file in which n8n looks for a node: it hands on the class of that name. */
async function nodeFile(file) {
	const name = basename(file, '.node.js');
	const code = `exports.${name} = require('${posix.relative(posix.dirname(file), NODES)}').${name};\n`;
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, `'use strict';\n${code}`);
}

/** The licence texts of the libraries whose files went into the bundle, as their licences ask. */
async function licenses(files) {
	const roots = files.map((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
	const packages = [...new Set(roots.filter(Boolean))].sort();
	const texts = packages.map(async (root) => {
		const { name, version, license } = JSON.parse(
			await readFile(join(root, 'package.json'), 'utf8'),
		);
		const names = ['LICENSE', 'license', 'LICENSE.md', 'LICENSE.txt', 'License'];
		const found = await Promise.all(
			names.map((file) => readFile(join(root, file), 'utf8').catch(() => '')),
		);
		return `${name} ${version} (${license})\n\n${found.find(Boolean) ?? ''}`;
	});
	return (await Promise.all(texts)).join(`\n${'-'.repeat(72)}\n\n`);
}

/** Icons and codex files lie beside the code that names them. */
function iconsAndCodex() {
	const folders = [...new Set([...n8n.nodes, ...n8n.credentials].map((file) => dirname(file)))];
	const sources = folders.map((folder) => `${folder.replace(/^dist\//, '')}/*.{svg,node.json}`);
	return src(sources, { base: '.', encoding: false }).pipe(dest('dist'));
}

exports.build = series(clean, typecheck, parallel(bundle, iconsAndCodex));
exports.bundle = series(clean, parallel(bundle, iconsAndCodex));
exports.instrumented = series(clean, parallel(bundleCounted, iconsAndCodex));
exports.default = exports.build;
