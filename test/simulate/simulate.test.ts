import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(__dirname, '../..');

/** SIMULATED=1000000 for the long form. */
const HISTORIES = Number(process.env.SIMULATED ?? 5_000);
/** They are played by so many processes. */
const PROCESSES = 2;
const DAY_MS = 86_400_000;

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
		const first = Math.floor(Date.now() / DAY_MS) * 1_000_000;
		const each = Math.ceil(HISTORIES / PROCESSES);
		const parts = await Promise.all(
			Array.from({ length: PROCESSES }, async (_, at) =>
				simulate({ SEEDS: String(each), FIRST: String(first + at * each) }),
			),
		);
		for (const { stdout } of parts) process.stdout.write(stdout);
		expect(parts.map(({ code }) => code)).toEqual([0, 0]);
	}, 3_600_000);

	it('show soon where a protection of money is broken', async () => {
		const broken = [
			'claims',
			'resume',
			'ledger',
			'cancel',
			'uploads',
			'suspects',
			'costs',
			'cents',
		];
		const { stdout } = await simulate({ BREAK: broken.join(), FIRST: '1', SEEDS: '400' });
		const seen = broken.filter((name) => stdout.includes(`${name}: seen in history `));
		expect(seen).toEqual(broken);
	}, 600_000);

	it('repeat exactly, whatever was played before', async () => {
		const [one, other] = await Promise.all(
			['0', '60'].map(async (AFTER) => await simulate({ SEED: '1920', TELL: 'all', AFTER })),
		);
		expect(one!.stdout).toContain('create');
		const [story, again] = [one!, other!].map(({ stdout }) =>
			stdout.replace(/in \d+ s of CPU/, ''),
		);
		expect(story).toBe(again);
	}, 120_000);
});
