const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** Where `npm run test:compatibility` has put the n8n engine that is to be tested. */
const engine = process.env.N8N_ENGINE_FOLDER;
const { dependencies } = JSON.parse(readFileSync(join(engine, 'package.json'), 'utf8'));
/** Those of the engine, and LangChain where its packages bring it. */
const packages = [...Object.keys(dependencies), '@langchain/core'].filter((name) =>
	existsSync(join(engine, 'node_modules', name)),
);

/**
 * Takes the engine's packages out of its folder, for the tests, the engine and the built package alike.
 * All get them as CommonJS, so that each of them is there once.
 */
module.exports = (request, options) => {
	const isOfEngine = packages.some((name) => request === name || request.startsWith(`${name}/`));
	if (!isOfEngine) return options.defaultResolver(request, options);
	const conditions = ['require', 'node', 'default'];
	return options.defaultResolver(request, { ...options, basedir: engine, conditions });
};
