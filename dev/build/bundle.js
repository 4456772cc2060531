const { readFile, writeFile } = require('node:fs/promises');
const { dirname, join, resolve } = require('node:path');
const esbuild = require('esbuild');
const { licenses } = require('./licenses');
const { writeShell } = require('./shells');

/**
 * Libraries that are two thirds of the package: they go without their spaces, and with short names
 * inside. None of them reads the name of a class or a function when it runs.
 */
const SHORT = [
	'@cfworker/json-schema',
	'file-type',
	'htmlparser2',
	'ipaddr.js',
	'mime-types',
	're2js',
	'zod-to-json-schema',
];
/** These go without their spaces alone: errors and options of undici name its classes. */
const LARGE = [...SHORT, 'undici'];

/** The code of all nodes and of the credential, read once for all when the first method is called. */
const NODES = 'dist/lib/nodes.js';

/**
 * Bundles the nodes and credentials that the edition's package.json names, with their libraries;
 * n8n-workflow is the host's own.
 *
 * @param plugins further plugins of esbuild for the nodes
 */
async function bundle(edition, plugins = []) {
	const { folder, manifest, lazy } = edition;
	const { n8n } = manifest;
	const options = {
		bundle: true,
		minifySyntax: true,
		...edition.esbuild,
		target: 'node20',
		format: 'cjs',
		legalComments: 'none',
		metafile: true,
		external: ['n8n-workflow', 'node:crypto'],
	};
	const replaced = [ofHost, standIns(edition), unused];
	const nodes = esbuild.build({
		...options,
		stdin: {
			contents: [...n8n.nodes, ...n8n.credentials]
				.map((file) => `export * from '${sourceOf(file)}';`)
				.join('\n'),
			resolveDir: '.',
		},
		outfile: join(folder, NODES),
		plugins: [lazily(lazy), ...replaced, ...plugins],
	});
	const libraries = lazy.map(async (name) => {
		const isLarge = LARGE.includes(name);
		const library = await esbuild.build({
			...options,
			minifyWhitespace: isLarge,
			minifyIdentifiers: SHORT.includes(name),
			entryPoints: [{ in: edition.standIns[name] ?? name, out: name }],
			outdir: join(folder, dirname(NODES)),
			plugins: replaced,
		});
		if (isLarge) await nameOrigins(library.metafile);
		return library;
	});
	const built = await Promise.all([nodes, ...libraries]);
	const files = built.flatMap(({ metafile }) => filesIn(metafile));
	await writeFile(join(folder, 'dist/THIRD-PARTY-LICENSES.txt'), await licenses(files));
	await Promise.all(
		[...n8n.nodes, ...n8n.credentials].map((file) => writeShell(folder, file, NODES)),
	);
}

/** What a bundle was made of. A file that was read, and of which nothing is left, is not in it. */
function filesIn({ outputs }) {
	return Object.values(outputs)
		.flatMap(({ inputs }) => Object.entries(inputs))
		.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
		.map(([file]) => file);
}

/** Says at the beginning of a library without spaces what it was made of, as esbuild does in others. */
async function nameOrigins(metafile) {
	const [file] = Object.keys(metafile.outputs);
	const origins = filesIn(metafile).map(
		(name) => /^node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(name)?.[0],
	);
	const lines = [...new Set(origins.filter(Boolean))].sort().map((origin) => `// ${origin}\n`);
	await writeFile(file, lines.join('') + (await readFile(file, 'utf8')));
}

/** The source of a node or credential that package.json names. */
function sourceOf(file) {
	return file.replace(/^dist\//, './').replace(/\.js$/, '');
}

/**
 * The lazy libraries stay outside. What our code imports at its beginning is read when it is called, and
 * so are static members. `import()` becomes `require`, too: Node gives the names of a CommonJS file to
 * `import()` only where it can tell them from its text.
 */
function lazily(libraries) {
	return {
		name: 'lazy',
		setup(build) {
			const isLazy = { filter: new RegExp(`^(?:${libraries.join('|').replaceAll('.', '\\.')})$`) };
			build.onResolve(isLazy, ({ path, kind }) => ({
				path,
				namespace: kind === 'dynamic-import' ? 'whole' : 'lazy',
			}));
			build.onLoad({ filter: /.*/, namespace: 'whole' }, ({ path }) => ({
				contents: `module.exports = require('./${path}.js');`,
			}));
			build.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
				contents: [
					'let read;',
					`const loaded = () => (read ??= require('./${path}.js'));`,
					`const late = (name) => new Proxy(function () {}, {
						apply: (_late, _this, given) => loaded()[name](...given),
						construct: (_late, given) => new (loaded()[name])(...given),
						get: (_late, member) => loaded()[name][member],
					});`,
					...Object.entries(require(path))
						.filter(([, exported]) => typeof exported === 'function')
						.map(([name]) => `exports.${name} = late('${name}');`),
				].join('\n'),
			}));
			for (const namespace of ['lazy', 'whole']) {
				build.onResolve({ filter: /.*/, namespace }, ({ path }) => ({ path, external: true }));
			}
		},
	};
}

/**
 * n8n's SDK for AI nodes is n8n's own, and older versions of n8n have none: it is asked for when it is
 * needed. n8n tells `require` where to find it, and not `import()`.
 */
const ofHost = {
	name: 'of-host',
	setup(build) {
		build.onResolve({ filter: /^@n8n\/ai-node-sdk$/ }, ({ path, namespace }) =>
			namespace === 'of-host' ? { path, external: true } : { path, namespace: 'of-host' },
		);
		build.onLoad({ filter: /.*/, namespace: 'of-host' }, ({ path }) => ({
			contents: `module.exports = require('${path}');`,
		}));
	},
};

/**
 * What libraries bring that no node calls, and that nothing else in them needs: undici's own fetch with
 * its sockets and caches, and what tests use of it.
 */
const UNUSED = {
	by: /undici\/index\.js$/,
	module:
		/\/(?:mock|web\/(?:cache|cookies|eventsource|fetch|websocket)|cache)(?:\/|$)|\/interceptor\/(?:cache|decompress|deduplicate|dns)$/,
};

const unused = {
	name: 'unused',
	setup(build) {
		build.onResolve({ filter: /^\./ }, ({ path, importer }) => {
			const isUnused = UNUSED.by.test(importer) && UNUSED.module.test(path);
			return isUnused ? { path, namespace: 'unused' } : undefined;
		});
		// undici makes one of these when it is loaded.
		build.onLoad({ filter: /./, namespace: 'unused' }, () => ({
			contents: 'exports.CacheStorage = class {};',
		}));
	},
};

/** Modules whose place another takes in this edition; package.json is the edition's own. */
function standIns({ manifest, standIns: replaced }) {
	return {
		name: 'stand-ins',
		setup(build) {
			build.onResolve({ filter: /./ }, ({ path, kind }) => {
				const name = Object.keys(replaced).find(
					(module) => path === module || (module.startsWith('../') && path.endsWith(`/${module}`)),
				);
				return name && kind !== 'entry-point' ? { path: resolve(replaced[name]) } : undefined;
			});
			const own = new RegExp(`^${resolve('package.json')}$`);
			build.onLoad({ filter: own }, () => ({ contents: JSON.stringify(manifest), loader: 'json' }));
		},
	};
}

/** Counters in our own code, for the report of `npm run test:coverage`. */
const counters = {
	name: 'counters',
	setup(build) {
		const instrument = require('../../test/coverage/instrument');
		build.onLoad({ filter: /\/nodes\/.+\.ts$/ }, async ({ path }) => ({
			contents: instrument(await readFile(path, 'utf8'), path),
			loader: 'ts',
		}));
	},
};

module.exports = { bundle, counters };
