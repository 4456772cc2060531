/** @type {import('jest').Config} */
module.exports = {
	...require('../../jest.config.js'),
	rootDir: '../..',
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
	globalSetup: '<rootDir>/test/e2e/globalSetup.ts',
	globalTeardown: '<rootDir>/test/e2e/globalTeardown.ts',
	// A complete n8n at a time. Test files share one, unless they need it to be set up another way.
	maxWorkers: 1,
	testTimeout: 600_000,
	// An n8n that does not start must not hold the run.
	forceExit: true,
};
