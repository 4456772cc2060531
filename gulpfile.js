const { execFile } = require('node:child_process');
const { copyFile, mkdir, readdir, readFile, rm, writeFile } = require('node:fs/promises');
const { basename, dirname, join } = require('node:path');
const { promisify } = require('node:util');
const { parallel, series } = require('gulp');
const { bundle, counters } = require('./dev/build/bundle');
const { outputSchemas } = require('./dev/build/outputSchemas');
const { cloud, cloudSource, named, selfHosted } = require('./dev/build/editions');

const run = promisify(execFile);

async function clean() {
	const folders = ['dist', cloud.folder];
	await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
}

async function typecheck() {
	await run(process.execPath, ['node_modules/typescript-native/bin/tsc', '-p', '.']).catch(
		({ stdout }) => {
			// gulp's own report is silent when it is told to be.
			console.error(stdout);
			throw new Error('The types do not hold');
		},
	);
}

/** Icons and codex files lie beside the code that names them. */
async function iconsAndCodex(edition) {
	const { nodes, credentials } = edition.manifest.n8n;
	const folders = [...new Set([...nodes, ...credentials].map((file) => dirname(file)))];
	await Promise.all(
		folders.map(async (folder) => {
			const source = folder.replace(/^dist\//, '');
			const files = await readdir(source);
			await mkdir(join(edition.folder, folder), { recursive: true });
			await Promise.all(
				files
					.filter((file) => /\.(?:svg|node\.json)$/.test(file))
					.map((file) => copyNamed(edition, join(source, file), join(folder, file))),
			);
		}),
	);
}

async function copyNamed(edition, source, target = basename(source)) {
	const text = await readFile(source, 'utf8');
	await writeFile(join(edition.folder, target), named(edition, text));
}

/** What a package consists of besides its code, where the project's root is not that package. */
async function papers(edition) {
	const { folder } = edition;
	await Promise.all([writeManifest(edition), writeManifest(cloudSource)]);
	await copyNamed(edition, 'README.md');
	await Promise.all(['CHANGELOG.md', 'LICENSE'].map((file) => copyFile(file, join(folder, file))));
}

async function writeManifest({ folder, manifest }) {
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, '\t')}\n`);
}

const selfHostedEdition = async () => {
	await Promise.all([bundle(selfHosted), iconsAndCodex(selfHosted), outputSchemas(selfHosted)]);
};
const cloudEdition = async () => {
	await Promise.all([bundle(cloud), iconsAndCodex(cloud), outputSchemas(cloud), papers(cloud)]);
};
/** The self-hosted edition with counters. Not for publishing. */
const counted = async () => {
	await Promise.all([
		bundle(selfHosted, [counters]),
		iconsAndCodex(selfHosted),
		outputSchemas(selfHosted),
	]);
};

exports.build = series(clean, typecheck, parallel(selfHostedEdition, cloudEdition));
exports.bundle = series(clean, parallel(selfHostedEdition, cloudEdition));
exports.instrumented = series(clean, counted);
exports.default = exports.build;
