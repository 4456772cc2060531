import units from './stryker.config.mjs';

/** What decides over money. Its score must stay over 85 %. */
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	...units,
	mutate: [
		'nodes/shared/predictions/{cancel,claims,create,find,lost,takeUp,wait}.ts',
		'nodes/jobs/{account,answers,awaitedJobs,callback,callbackTurns,earlyResults,ending,ledger,paidRun,resumption,suspension}.ts',
	],
	jsonReporter: { fileName: '.cache/mutation-money.json' },
	thresholds: { high: 95, low: 85, break: 85 },
};
