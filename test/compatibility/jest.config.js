const { join } = require('node:path');

/** Where `npm run test:compatibility` has put the n8n engine that is to be tested. */
const engine = join(process.env.N8N_ENGINE_FOLDER, 'node_modules');
const { version } = require(join(engine, 'n8n-core/package.json'));
/** n8n before 2.16 has no SDK for AI nodes; that the chat model says so is tested without an engine. */
const withoutSdk = version.startsWith('1.') ? ['<rootDir>/test/integration/chat'] : [];

/** @type {import('jest').Config} */
module.exports = {
	...require('../../jest.config'),
	rootDir: '../..',
	testMatch: [
		'<rootDir>/test/integration/*.test.ts',
		'<rootDir>/test/contract/officialClient.test.ts',
	],
	testPathIgnorePatterns: ['/node_modules/', ...withoutSdk],
	// For the tests, the engine and the built package alike, so that each package is there once.
	moduleNameMapper: {
		'^(n8n-core|n8n-workflow|@n8n/di|reflect-metadata)$': `${engine}/$1`,
	},
	// n8n 1.120 keeps a timer for its SSH connections that ends with the process.
	forceExit: true,
};
