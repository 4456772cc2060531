const { readFile } = require('node:fs/promises');
const { join } = require('node:path');

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

module.exports = { licenses };
