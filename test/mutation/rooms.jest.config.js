const { join } = require('node:path');
const base = require('../../jest.config');
const { tests } = require('./rooms');

/** @type {import('jest').Config} */
module.exports = {
	...base,
	rootDir: join(__dirname, '../..'),
	testMatch: tests.flatMap((test) => [
		`<rootDir>/test/${test}.test.ts`,
		`<rootDir>/test/${test}/**/*.test.ts`,
	]),
	testPathIgnorePatterns: [...base.testPathIgnorePatterns, 'silentProxy'],
};
