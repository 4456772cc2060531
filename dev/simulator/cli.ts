import { buildNodes, buildPrograms } from './build';
import type { Judged } from './play';
import { loadWorld } from './programs';
import { PROTECTIONS } from './protections';

/*
 * npm run simulate                       so many histories, other ones each day
 * SEED=7 npm run simulate                one history, cut down to its shortest where it fails
 * SEEDS=1000000 npm run simulate         the long form
 * SEED=7 TELL=all npm run simulate       the same of a history that holds
 * SEED=7 AFTER=100 npm run simulate      the same after the hundred before it, which must not matter
 * BREAK=claims npm run simulate          the same with a protection broken, until it is seen
 * BREAK=claims,gate npm run simulate     after how many histories each of these is seen; or BREAK=all
 */
const { SEED, SEEDS = '5000', FIRST, AFTER = '0', BREAK, TELL } = process.env;
const DAY_MS = 86_400_000;

type World = ReturnType<typeof loadWorld>;

const first = Number(SEED ?? FIRST ?? Math.floor(Date.now() / DAY_MS) * 1_000_000);
const count = SEED === undefined ? Number(SEEDS) : 1;

async function simulate(): Promise<void> {
	const all = Object.keys(PROTECTIONS);
	const broken = BREAK === 'all' ? all : (BREAK?.split(',') ?? []);
	if (broken.some((name) => !PROTECTIONS[name])) {
		throw new Error(`BREAK is some of ${all.join(', ')}`);
	}
	if (broken.length > 1) await simulateBroken(broken);
	else {
		const [name] = broken;
		await simulateOne(loadWorld(await buildPrograms(name ? PROTECTIONS[name] : undefined)));
	}
}

async function simulateOne(world: World): Promise<void> {
	for (let seed = first - Number(AFTER); seed < first; seed++) await world.judge(seed);
	const before = process.cpuUsage();
	const failed = await firstFailing(world);
	const { user, system } = process.cpuUsage(before);
	if (failed) {
		const { seed } = failed.played;
		say(
			`Seed ${seed} fails, number ${seed - first + 1}. SEED=${seed} npm run simulate repeats it.`,
		);
		tell(await world.shortest(seed, failed));
		process.exitCode = 1;
		return;
	}
	const seconds = Math.round((user + system) / 1_000_000);
	say(`${count} histories from seed ${first} hold, in ${seconds} s of CPU time.`);
}

/** Says after how many histories each is seen, and as what. */
async function simulateBroken(names: string[]): Promise<void> {
	const { world: text, nodes } = await buildPrograms();
	const programs: string[] = [];
	for (const name of names) programs.push(await buildNodes(PROTECTIONS[name]));
	const world = loadWorld({ world: text, nodes });
	for (const [at, name] of names.entries()) {
		world.readNodes(programs[at]!);
		const failed = await firstFailing(world);
		if (failed) {
			const [{ kind, words }] = failed.wrongs as [Judged['wrongs'][number]];
			say(`${name}: seen in history ${failed.played.seed - first + 1}, ${kind}: ${words}`);
		} else say(`${name}: not seen in ${count}`);
	}
}

async function firstFailing(world: World): Promise<Judged | undefined> {
	for (let seed = first; seed < first + count; seed++) {
		const judged = await world.judge(seed);
		if (judged.wrongs.length > 0) return judged;
		if (TELL === 'all') tell(judged);
	}
	return undefined;
}

function tell({ played, wrongs }: Judged): void {
	say('\nIt begins so:');
	for (const [key, value] of played.chance.strayed) say(`  ${key}: ${value}`);
	say('\nIt goes so, in s:');
	for (const line of played.log) say(line);
	say('\nIt ends so:');
	for (const { id, status, ends } of played.executions) {
		for (const { by, pass, items, error } of ends) {
			say(`  ${id}, pass ${pass}, by ${by}:`);
			for (const { json } of items) say(`    ${JSON.stringify(json)}`);
			if (error) say(`    ${error.message} ${error.description ?? ''}`);
			if (error) say(`    ${JSON.stringify(error.context)}`);
		}
		if (status !== 'ended') say(`  ${id} is ${status}`);
	}
	if (wrongs.length > 0) say('\nIt must not be so:');
	for (const { kind, words } of wrongs) say(`  ${kind}: ${words}`);
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

void simulate();
