import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/**
 * Leaves out what a file declares outside of its functions: n8n's loader evaluates the bundle once, with
 * no mutant switched on. Names, choices, defaults and bounds are in the contract, words for people in
 * the documentation, and each has its own test.
 */
export const strykerPlugins = [
	declareValuePlugin(PluginKind.Ignore, 'declared', {
		shouldIgnore(path) {
			const isDeclared = path.isVariableDeclaration() || path.isClassProperty();
			if (!isDeclared || path.getFunctionParent()) return undefined;
			let hasCode = false;
			path.traverse({ Function: () => void (hasCode = true) });
			return hasCode ? undefined : 'Evaluated once, when n8n loads the bundle';
		},
	}),
];
