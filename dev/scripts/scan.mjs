/**
 * What n8n's scanner finds in this project's source and in the package of the cloud edition, with its
 * own configuration and patterns. The scanner itself takes only packages that are published.
 *
 * node dev/scripts/scan.mjs [folder of a package …]
 */
import { createRequire } from 'node:module';
import { relative, resolve } from 'node:path';

const SCANNER = '@n8n/scan-community-package/scanner/scanner.mjs';
const { buildScanConfig, SOURCE_FILE_PATTERNS } = await import(SCANNER);
// The scanner's own versions.
const require = createRequire(import.meta.resolve(SCANNER));
const { ESLint } = require('eslint');
const glob = require('fast-glob');

const PACKAGE_FILE_PATTERNS = ['**/*.js', '**/*.ts', '**/*.json'];

/** Warnings count, too. Comments that switch rules off do not. */
async function findingsIn(given, patterns) {
	const folder = resolve(given);
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await buildScanConfig(),
	});
	const files = glob.sync(patterns, {
		cwd: folder,
		absolute: true,
		ignore: ['node_modules/**', '**/package-lock.json'],
	});
	if (files.length === 0) throw new Error(`There is nothing to scan in ${folder}`);
	const results = await eslint.lintFiles(files);
	return results.flatMap(({ filePath, messages }) =>
		messages.map(
			({ line, ruleId, message }) =>
				`${relative(process.cwd(), filePath)}:${line} ${message} (${ruleId})`,
		),
	);
}

const folders = process.argv.slice(2);
const found =
	folders.length > 0
		? await Promise.all(
				folders.map(async (folder) => await findingsIn(folder, PACKAGE_FILE_PATTERNS)),
			)
		: [
				await findingsIn('.', SOURCE_FILE_PATTERNS),
				await findingsIn('cloud', SOURCE_FILE_PATTERNS),
				await findingsIn('dist-cloud', PACKAGE_FILE_PATTERNS),
			];
const findings = found.flat();
console.log(findings.join('\n') || 'No findings');
process.exitCode = findings.length > 0 ? 1 : 0;
