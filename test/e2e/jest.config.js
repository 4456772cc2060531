/** @type {import('jest').Config} */
module.exports = {
	...require('../../jest.config.js'),
	rootDir: '../..',
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
	globalSetup: '<rootDir>/test/e2e/globalSetup.ts',
	// A complete n8n at a time.
	maxWorkers: 1,
	testTimeout: 600_000,
	// An n8n that does not start must not hold the run.
	forceExit: true,
};
