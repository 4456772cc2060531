const { readdir, readFile } = require('node:fs/promises');
const { join } = require('node:path');

/**
 * The text of the MIT licence, for packages that name it and bring none: their licence is the text, with
 * the copyright of whoever their package.json names.
 */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

/**
 * The licence texts of the libraries whose files went into the bundle, as their licences ask.
 *
 * @throws Error for a library without a text
 */
async function licenses(files) {
	const roots = files.map((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
	const packages = [...new Set(roots.filter(Boolean))].sort();
	const texts = packages.map(async (root) => {
		const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
		const { name, version, license } = manifest;
		return `${name} ${version} (${license})\n\n${await textOf(root, manifest)}`;
	});
	return (await Promise.all(texts)).join(`\n${'-'.repeat(72)}\n\n`);
}

async function textOf(root, { name, license, author }) {
	const files = await readdir(root);
	const file = files.find((one) => /^licen[cs]e(?:[-.].*)?$/i.test(one));
	if (file) return await readFile(join(root, file), 'utf8');
	if (license !== 'MIT') throw new Error(`${name} has no text of its licence (${license})`);
	const holder = (author?.name ?? author ?? `the authors of ${name}`).replace(/\s*<.*/, '');
	return `Copyright (c) ${holder}\n\n${MIT}`;
}

module.exports = { licenses };
