import { spawn, spawnSync } from 'node:child_process';

/**
 * `npm run test:busy`: the quick tests beside eight loops that use up the processors, as on a machine
 * where others work. No test may fail because of it. Arguments are those of `npm test`.
 */
const LOOPS = 8;
/** Ends when its parent has ended, however that was. */
const LOOP = 'while (process.ppid === Number(process.argv[1])) for (let n = 0; n < 1e7; n++);';

const loops = Array.from({ length: LOOPS }, () =>
	spawn(process.execPath, ['-e', LOOP, String(process.pid)], { stdio: 'ignore' }),
);

const { status } = spawnSync(process.execPath, ['dev/scripts/test.mjs', ...process.argv.slice(2)], {
	stdio: 'inherit',
});
for (const loop of loops) loop.kill('SIGKILL');
process.exitCode = status ?? 1;
