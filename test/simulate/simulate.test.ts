import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(__dirname, '../..');

/** SIMULATED=1000000 for the long form. */
const HISTORIES = process.env.SIMULATED ?? '5000';

/** The simulator in a process of its own, whose clock and timers are the world's. */
async function simulate(env: Record<string, string>): Promise<{ stdout: string; code: number }> {
	const given = { cwd: root, env: { ...process.env, ...env }, maxBuffer: 64_000_000 };
	return await run(process.execPath, ['--import', 'tsx', 'dev/simulator/cli.ts'], given).then(
		({ stdout }) => ({ stdout, code: 0 }),
		({ stdout, code }: { stdout: string; code: number }) => ({ stdout, code }),
	);
}

describe('histories from one seed each', () => {
	it(`hold what is promised about money, trust and time, ${HISTORIES} of them`, async () => {
		const { stdout, code } = await simulate({ SEEDS: HISTORIES });
		process.stdout.write(stdout);
		expect(code).toBe(0);
	}, 3_600_000);

	it('repeat exactly', async () => {
		const [one, other] = await Promise.all(
			[1, 2].map(async () => await simulate({ SEED: '1920', TELL: 'all' })),
		);
		expect(one!.stdout).toContain('create');
		expect(one!.stdout).toBe(other!.stdout);
	}, 120_000);
});
