const { join } = require('node:path');
const base = require('../../jest.config');

/** All quick tests, with counters of our own in `nodes/` and in the bundle, so Jest adds none. */
/** @type {import('jest').Config} */
module.exports = {
	...base,
	rootDir: join(__dirname, '../..'),
	// Each suite loads the bundle with counters in it itself.
	testEnvironment: 'node',
	transform: { '\\.[jt]s$': join(__dirname, 'transform.js') },
	coveragePathIgnorePatterns: ['.*'],
	coverageReporters: ['text', 'json', 'json-summary'],
};
