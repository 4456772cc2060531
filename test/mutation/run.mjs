import { spawnSync } from 'node:child_process';

/**
 * `npm run test:mutation`: Stryker's mutants of what unit tests can tell; `npm run test:mutation --
 * money`: those of what decides over money, whose score has a bar; `npm run test:mutation -- security`:
 * one for each row of docs/threats.md.
 */
const [kind, ...rest] = process.argv.slice(2);
const stryker = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run'];
const breaks = ['--import', 'tsx', 'test/mutation/breaks.ts'];
const commands = {
	money: [...stryker, 'test/mutation/money.config.mjs', ...rest],
	rooms: [...stryker, 'test/mutation/rooms.config.mjs', ...rest],
	security: [...breaks, 'security', ...rest],
	behaviour: [...breaks, 'behaviour', ...rest],
};
const command = commands[kind] ?? [
	...stryker,
	'test/mutation/stryker.config.mjs',
	...process.argv.slice(2),
];
process.exitCode = spawnSync(process.execPath, command, { stdio: 'inherit' }).status ?? 1;
