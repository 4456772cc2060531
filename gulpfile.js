const { execFile } = require('node:child_process');
const { readFile, rm, writeFile } = require('node:fs/promises');
const { dirname, join, relative } = require('node:path');
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

/** Where undici lies: one file for all nodes, read when the first of them sends a request. */
const UNDICI = 'dist/lib/undici.js';

const options = {
	bundle: true,
	minifySyntax: true,
	platform: 'node',
	target: 'node20',
	format: 'cjs',
	legalComments: 'none',
	metafile: true,
};

/** Leaves undici out of a node's file, in favour of the shared one. */
const sharedUndici = {
	name: 'shared-undici',
	setup(build) {
		build.onResolve({ filter: /^undici$/ }, () => ({
			path: relative('dist/nodes/Any', UNDICI),
			external: true,
		}));
	},
};

/** One file per node and credential. Libraries go in; n8n-workflow is the host's own. */
async function bundle() {
	const outputs = [...n8n.nodes, ...n8n.credentials];
	const nodes = esbuild.build({
		...options,
		entryPoints: outputs.map((file) => file.replace(/^dist\//, '').replace(/\.js$/, '.ts')),
		outdir: 'dist',
		outbase: '.',
		external: ['n8n-workflow'],
		plugins: [sharedUndici],
	});
	const undici = esbuild.build({ ...options, entryPoints: ['undici'], outfile: UNDICI });
	const files = (await Promise.all([nodes, undici])).flatMap(({ metafile }) =>
		Object.keys(metafile.inputs),
	);
	await writeFile('dist/THIRD-PARTY-LICENSES.txt', await licenses(files));
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
exports.default = exports.build;
