const { join } = require('node:path');
const base = require('../../jest.config');

/** The unit tests that can tell a mutant: those of pure functions, which take milliseconds. */
/** @type {import('jest').Config} */
module.exports = {
	...base,
	rootDir: join(__dirname, '../..'),
	// Each suite loads the bundle with mutants in it itself.
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
	// The interleavings take seconds for each mutant: the unit tests beside them must do.
	// It reads the source as text, and the source of a mutant holds all mutants.
	testPathIgnorePatterns: [
		...base.testPathIgnorePatterns,
		'interleavings',
		'regularExpressions',
		'proxy',
		'createGate',
		'timeLimit',
	],
};
