/** @type {import('jest').Config} */
module.exports = {
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	// They need a complete n8n: npm run test:e2e, or n8n's nodes for AI: npm run test:compatibility.
	testPathIgnorePatterns: [
		'/node_modules/',
		'<rootDir>/test/e2e/',
		'<rootDir>/test/compatibility/',
	],
	// Copies of the project that mutation tests run in, and what n8n's scanner sees of the source.
	modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/cloud/'],
	transform: {
		'\\.[jt]s$': [
			'@swc/jest',
			// What is imported when it is needed may be an ES module, as file-type is.
			{ jsc: { target: 'es2022' }, module: { type: 'commonjs', ignoreDynamic: true } },
		],
	},
	// p-map is an ES module; everything else runs as it was published or built.
	transformIgnorePatterns: ['/node_modules/(?!p-map/)', '/dist/'],
	// Suites with n8n's engine share the one of their worker.
	testEnvironment: '<rootDir>/test/oneEngine/environment.js',
	runtime: '<rootDir>/test/oneEngine/runtime.js',
	testSequencer: '<rootDir>/test/slowestFirst.js',
	// Most tests wait, as Replicate makes a workflow wait; each worker holds some hundred MB.
	maxWorkers: 6,
	// Tests wait until something holds; a busy machine takes long for it.
	testTimeout: 180_000,
};
