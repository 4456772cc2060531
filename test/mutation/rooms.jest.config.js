const { join } = require('node:path');
const base = require('../../jest.config');
const { tests } = require('./rooms');

/** @type {import('jest').Config} */
module.exports = {
	...base,
	rootDir: join(__dirname, '../..'),
	// Each suite loads the bundle with mutants in it itself.
	testEnvironment: 'node',
	testMatch: tests.flatMap((test) => [
		`<rootDir>/test/${test}.test.ts`,
		`<rootDir>/test/${test}/**/*.test.ts`,
	]),
	testPathIgnorePatterns: [...base.testPathIgnorePatterns, 'silentProxy'],
};
