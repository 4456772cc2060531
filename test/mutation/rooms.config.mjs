import { readFileSync } from 'node:fs';
import rooms from './rooms.js';
import units from './stryker.config.mjs';

/**
 * The lines whose mutants are tried: all, or with `SAMPLE` so many of each hundred, chosen anew with
 * each `SEED`.
 */
function sampled(files) {
	const { SAMPLE, SEED = '1' } = process.env;
	if (SAMPLE === undefined) return files;
	let state = Number(SEED);
	const random = () => {
		// A linear congruential generator (Numerical Recipes): the same lines for the same seed.
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
	return files.flatMap((file) => {
		const lines = readFileSync(file, 'utf8')
			.split('\n')
			.map((_, index) => index + 1);
		const taken = lines.filter(() => random() * 100 < Number(SAMPLE));
		return taken.map((line) => `${file}:${line}-${line}`);
	});
}

/** Rooms that only n8n's engine can tell. The score must stay over 85 %. */
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	...units,
	plugins: [...units.plugins, './test/mutation/declared.mjs'],
	ignorers: ['declared'],
	mutate: sampled(rooms.files),
	jest: {
		projectType: 'custom',
		configFile: 'test/mutation/rooms.jest.config.js',
		enableFindRelatedTests: false,
	},
	// The engine loads the bundle, which then holds all mutants.
	buildCommand: 'node test/mutation/bundleMutants.mjs',
	symlinkNodeModules: false,
	jsonReporter: { fileName: '.cache/mutation-rooms.json' },
	thresholds: { high: 95, low: 85, break: 85 },
	concurrency: 1,
	timeoutMS: 60_000,
};
