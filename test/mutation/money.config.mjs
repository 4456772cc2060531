import units from './stryker.config.mjs';

/** What decides over money. Its score must stay over 85 %. */
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	...units,
	mutate: [
		'nodes/shared/predictions/{cancel,claims,create,find,lost,takeUp,wait}.ts',
		'nodes/jobs/{answers,finishRun,job,process,receiveCallback,runItem,runJobs}.ts',
		'nodes/jobs/callback/{awaitedJobs,callbackTurns,earlyResults,resumption,suspension}.ts',
		'nodes/jobs/ledger/{ledger,report,spendGuard}.ts',
	],
	jsonReporter: { fileName: '.cache/mutation-money.json' },
	thresholds: { high: 95, low: 85, break: 85 },
};
