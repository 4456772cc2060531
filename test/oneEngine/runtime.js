const { createRequire, isBuiltin } = require('node:module');
const { join, sep } = require('node:path');
const Runtime = require('jest-runtime').default;

const INSTALLED = `${sep}node_modules${sep}`;
/** jest's own state is of one suite; p-map is an ES module, and jest makes it one of CommonJS. */
const OF_THE_SUITE = /[\\/]node_modules[\\/](@jest|jest|jest-[^\\/]+|p-map)[\\/]/;

/**
 * Loads installed packages once for all suites of a worker that share them (environment.js): n8n's
 * engine costs 1.5 s of CPU each time that it is loaded.
 */
module.exports = class extends Runtime {
	constructor(...args) {
		super(...args);
		this._environment.loadPackage = (from, name) => this.requireModule(from, name);
	}

	requireModule(from, name, options, isActual) {
		const path = this.#pathOfShared(from, name, options);
		return path === undefined
			? super.requireModule(from, name, options, isActual)
			: createRequire(join(this._config.rootDir, 'package.json'))(path);
	}

	#pathOfShared(from, name, options) {
		if (!this._environment.sharesPackages || !name || options?.isInternalModule) return undefined;
		if (isBuiltin(name)) return undefined;
		const path = this._resolution.resolveCjs(from, name);
		return path.includes(INSTALLED) && !OF_THE_SUITE.test(path) ? path : undefined;
	}
};
