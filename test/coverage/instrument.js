const { createInstrumenter } = require('istanbul-lib-instrument');

const instrumenter = createInstrumenter({
	esModules: true,
	compact: false,
	parserPlugins: ['typescript', 'importAttributes'],
});

/**
 * TypeScript with counters in it, which count under the name of its file. The code of unit tests and
 * that of the bundle have the same counters, so their counts add up.
 */
module.exports = (source, path) => instrumenter.instrumentSync(source, path);
