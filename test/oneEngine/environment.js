const { basename, sep } = require('node:path');
const vm = require('node:vm');
const { createRequire } = require('node:module');
const { TestEnvironment: NodeEnvironment } = require('jest-environment-node');
const { LegacyFakeTimers, ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const ALONE = require('./alone');

/** Stands for the worker's own context, which Node has no handle of. */
const OWN_CONTEXT = vm.createContext({});

/** The environment of the suite that this worker runs. */
let current;

/** A package that a suite imports, as an ES module around what `require` gives. */
async function importPackage(from, name) {
	let loaded;
	try {
		loaded = current.loadPackage(from, name);
	} catch (error) {
		if (error.code !== 'ERR_REQUIRE_ESM') throw error;
		return await import(name);
	}
	const named = Object.keys(loaded).filter((key) => key !== 'default');
	const module = new vm.SyntheticModule(['default', ...named], function () {
		this.setExport('default', loaded.__esModule ? (loaded.default ?? loaded) : loaded);
		for (const key of named) this.setExport(key, loaded[key]);
	});
	await module.link(() => {});
	await module.evaluate();
	return module;
}

const { compileFunction } = vm;
vm.compileFunction = (source, parameters, options) =>
	options?.parsingContext !== OWN_CONTEXT
		? compileFunction(source, parameters, options)
		: compileFunction(source, parameters, {
				...options,
				parsingContext: undefined,
				importModuleDynamically: async (specifier, ...rest) =>
					/^[./]|^p-map$/.test(specifier)
						? await options.importModuleDynamically(specifier, ...rest)
						: await importPackage(options.filename, specifier),
			});

/**
 * Runs a suite in the worker's own context, so that packages which are loaded once (runtime.js) and the
 * suite know the same `Error` and `Array`. What the suite leaves behind goes when it has ended: globals,
 * variables of the environment, spies, and the built nodes, which the next suite loads anew.
 */
class SharingEnvironment {
	sharesPackages = true;
	global = globalThis;
	#globals = Object.getOwnPropertyDescriptors(globalThis);
	#env = { ...process.env };

	constructor({ projectConfig: config }) {
		current = this;
		this.rootDir = config.rootDir;
		globalThis.global = globalThis;
		this.moduleMocker = new ModuleMocker(globalThis);
		const timerConfig = {
			idToRef: (id) => {
				const timer = { id, ref: () => timer, unref: () => timer };
				return timer;
			},
			refToId: (timer) => timer?.id,
		};
		const { moduleMocker } = this;
		this.fakeTimers = new LegacyFakeTimers({
			config,
			global: globalThis,
			moduleMocker,
			timerConfig,
		});
		this.fakeTimersModern = new ModernFakeTimers({ config, global: globalThis });
	}

	async setup() {}

	getVmContext() {
		return OWN_CONTEXT;
	}

	exportConditions() {
		return ['node', 'node-addons'];
	}

	async teardown() {
		this.moduleMocker.restoreAllMocks();
		this.fakeTimers.dispose();
		this.fakeTimersModern.dispose();
		for (const name of Reflect.ownKeys(globalThis))
			if (!Object.hasOwn(this.#globals, name)) Reflect.deleteProperty(globalThis, name);
		for (const name of Object.keys(process.env))
			if (!Object.hasOwn(this.#env, name)) delete process.env[name];
		Object.assign(process.env, this.#env);
		const { cache } = createRequire(__filename);
		for (const path of Object.keys(cache))
			if (/^dist(-cloud)?[\\/]/.test(path.slice(this.rootDir.length + 1))) delete cache[path];
	}
}

/** The environment of a suite: see ./alone.js for which share what they load. */
module.exports = class {
	constructor(config, context) {
		const path = context.testPath;
		const sharesPackages =
			path.includes(`${sep}test${sep}integration${sep}`) &&
			!ALONE.includes(basename(path, '.test.ts'));
		return new (sharesPackages ? SharingEnvironment : NodeEnvironment)(config, context);
	}
};
