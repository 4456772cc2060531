import units from './stryker.config.mjs';

/**
 * Mutants of what starts paid work and waits for it, which only runs through n8n's engine can tell.
 * They go into the bundle, which is built once with all of them.
 */
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	...units,
	buildCommand: 'npx gulp bundle --silent',
	jest: {
		...units.jest,
		configFile: 'test/mutation/engine.jest.config.js',
		// The tests do not import the code: n8n loads it.
		enableFindRelatedTests: false,
	},
	mutate: ['nodes/shared/predictions/{cancel,create,find,wait}.ts'],
	jsonReporter: { fileName: '.cache/mutation-engine.json' },
	timeoutMS: 20_000,
};
