const { existsSync } = require('node:fs');
const { join } = require('node:path');

const aiNodes = join(process.env.N8N_ENGINE_FOLDER, 'node_modules/@n8n/n8n-nodes-langchain');
/**
 * n8n 1.120 has no SDK for AI nodes, no Agents and no Assistant; that the chat model says so is tested
 * without an engine.
 */
const withoutAi = [
	'<rootDir>/test/integration/assistant',
	'<rootDir>/test/integration/bareExecutors',
	'<rootDir>/test/integration/chat',
	'<rootDir>/test/compatibility/',
];

/** @type {import('jest').Config} */
module.exports = {
	...require('../../jest.config'),
	rootDir: '../..',
	testMatch: [
		'<rootDir>/test/compatibility/*.test.ts',
		'<rootDir>/test/integration/*.test.ts',
		'<rootDir>/test/contract/officialClient.test.ts',
	],
	testPathIgnorePatterns: ['/node_modules/', ...(existsSync(aiNodes) ? [] : withoutAi)],
	resolver: '<rootDir>/test/compatibility/resolver.js',
	// One engine per suite: what Node loads for all suites does not follow the resolver.
	testEnvironment: 'node',
	moduleNameMapper: {
		// It must be compiled, and n8n's AI Agent reads it for its SQL agent alone.
		'^sqlite3$': '<rootDir>/test/compatibility/noDatabase.js',
	},
	// n8n 1.120 keeps a timer for its SSH connections that ends with the process.
	forceExit: true,
};
