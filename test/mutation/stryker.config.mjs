/** Mutants of what unit tests can tell: pure functions, which take milliseconds. */
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	testRunner: 'jest',
	plugins: ['@stryker-mutator/jest-runner'],
	jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.js' },
	testRunnerNodeArgs: ['--experimental-vm-modules'],
	coverageAnalysis: 'perTest',
	ignoreStatic: true,
	mutate: [
		'nodes/shared/schema/**/*.ts',
		'nodes/shared/files/**/*.ts',
		'nodes/shared/models/{describe,modelReference}.ts',
		'nodes/shared/outputs/{names,shape,hosts}.ts',
		'nodes/shared/predictions/{failures,ownCreates,status,streamText}.ts',
		'nodes/shared/webhooks/**/*.ts',
		'nodes/shared/api/{answers,errors,hostNames,json,retry}.ts',
	],
	ignorePatterns: ['dist', 'dist-cloud', '/cloud', '/coverage', 'demo-output', '.cache', 'docs', 'dev/bench', 'test/e2e'],
	reporters: ['clear-text', 'json'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	jsonReporter: { fileName: '.cache/mutation.json' },
	tempDirName: '.cache/stryker',
	disableTypeChecks: 'nodes/**/*.ts',
	allowEmpty: false,
	concurrency: 2,
	timeoutMS: 3000,
};
