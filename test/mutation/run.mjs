import { spawnSync } from 'node:child_process';

/**
 * `npm run test:mutation`: Stryker's mutants of what unit tests can tell; `-- money`: those of what
 * decides over money; `-- rooms`: those of the rooms that only n8n's engine tells; each has a bar for
 * its score. `-- security`: one line broken for each claim of docs/threats.md; `-- behaviour`: other lines
 * that no test had noticed once.
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
