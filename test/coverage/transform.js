const { createTransformer } = require('@swc/jest');
const instrument = require('./instrument');

const swc = createTransformer({ jsc: { target: 'es2022' } });
const counted = (source, path) =>
	/\/nodes\/.+\.ts$/.test(path) ? instrument(source, path) : source;

/** As in other tests, with counters in the code of the nodes. */
module.exports = {
	process: (source, path, options) => swc.process(counted(source, path), path, options),
	getCacheKey: (source, path, options) => `counted${swc.getCacheKey(source, path, options)}`,
};
