const { mkdir, writeFile } = require('node:fs/promises');
const { basename, dirname, join, posix, resolve } = require('node:path');

/** Where the data of a node or credential is, beside the file in which n8n looks for it. */
const dataFile = (file) => `${basename(file).split('.')[0]}.data.json`;

/**
 * Writes the file in which n8n looks for a node or a credential. n8n reads it at its start, and so does
 * each worker, and needs no more of it then than data and the names of methods. They were read out of
 * the bundle when it was built; a method reads the bundle when it is first called.
 *
 * @param file of a node or a credential, as package.json names it
 * @param code the bundle that has its class, from the package's folder
 * @throws Error for a class with data that JSON cannot hold
 */
async function writeShell(folder, file, code) {
	const name = basename(file).split('.')[0];
	const made = new (require(resolve(folder, code))[name])();
	const data = {};
	const groups = [];
	for (const [key, value] of Object.entries(made)) {
		if (isOfMethods(value)) groups.push(`\t\tthis.${key} = ${groupCode(value, [key])};`);
		else data[key] = asData(value, `${name}.${key}`);
	}
	const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(made)).filter(
		(key) => key !== 'constructor',
	);
	const text = [
		"'use strict';",
		`const data = require('./${dataFile(file)}');`,
		'let made;',
		`const whole = () => (made ??= new (require('${posix.relative(posix.dirname(file), code)}').${name})());`,
		'const late = (methodOf) =>',
		'\tasync function (...given) {',
		'\t\treturn await methodOf(whole()).apply(this, given);',
		'\t};',
		`exports.${name} = class ${name} {`,
		'\tconstructor() {',
		'\t\tObject.assign(this, data);',
		// n8n may write into a description: each object has its own.
		...(data.description ? ['\t\tthis.description = { ...data.description };'] : []),
		...groups,
		'\t}',
		...methods.map(
			(key) =>
				`\tasync ${key}(...given) {\n\t\treturn await whole().${key}.apply(this, given);\n\t}`,
		),
		'};',
		'',
	];
	await mkdir(join(folder, dirname(file)), { recursive: true });
	await writeFile(join(folder, dirname(file), dataFile(file)), JSON.stringify(data));
	await writeFile(join(folder, file), text.join('\n'));
}

/** Whether a value is an object whose leaves are functions, such as a node's `methods`. */
function isOfMethods(value) {
	if (typeof value === 'function') return true;
	const inner = value?.constructor === Object ? Object.values(value) : [];
	return inner.length > 0 && inner.every(isOfMethods);
}

/** The code of such an object, whose leaves call those of the whole class. */
function groupCode(value, path) {
	if (typeof value === 'function') return `late((whole) => whole.${path.join('.')})`;
	const indent = '\t'.repeat(path.length + 2);
	const members = Object.entries(value).map(
		([key, inner]) => `${indent}${key}: ${groupCode(inner, [...path, key])},\n`,
	);
	return `{\n${members.join('')}${indent.slice(1)}}`;
}

/** @throws Error for what JSON would leave out or change */
function asData(value, path) {
	if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
	if (Array.isArray(value)) return value.map((inner, at) => asData(inner, `${path}[${at}]`));
	if (value?.constructor !== Object) throw new Error(`${path} is not data: ${typeof value}`);
	return Object.fromEntries(
		Object.entries(value)
			.filter(([, inner]) => inner !== undefined)
			.map(([key, inner]) => [key, asData(inner, `${path}.${key}`)]),
	);
}

module.exports = { writeShell };
