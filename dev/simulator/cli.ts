import { buildPrograms } from './build';
import type { Judged } from './play';
import { loadWorld } from './programs';
import { PROTECTIONS } from './protections';

/*
 * npm run simulate                       so many histories, other ones each day
 * SEED=7 npm run simulate                one history, cut down to its shortest where it fails
 * SEEDS=1000000 npm run simulate         the long form
 * SEED=7 TELL=all npm run simulate      the same of a history that holds
 * BREAK=claims npm run simulate          the same with a protection broken, until it is seen
 */
const { SEED, SEEDS = '5000', FIRST, BREAK, TELL } = process.env;
const DAY_MS = 86_400_000;

async function simulate(): Promise<void> {
	if (BREAK !== undefined && !PROTECTIONS[BREAK]) {
		throw new Error(`BREAK is one of ${Object.keys(PROTECTIONS).join(', ')}`);
	}
	const first = Number(SEED ?? FIRST ?? Math.floor(Date.now() / DAY_MS) * 1_000_000);
	const world = loadWorld(
		await buildPrograms(BREAK === undefined ? undefined : PROTECTIONS[BREAK]),
	);
	const count = SEED === undefined ? Number(SEEDS) : 1;
	const before = process.cpuUsage();
	for (let at = 0; at < count; at++) {
		const seed = first + at;
		const judged = await world.judge(seed);
		if (judged.wrongs.length === 0) {
			if (TELL === 'all') tell(judged);
			continue;
		}
		say(`Seed ${seed} fails, number ${at + 1}. SEED=${seed} npm run simulate repeats it.`);
		tell(await world.shortest(seed, judged));
		process.exitCode = 1;
		return;
	}
	const { user, system } = process.cpuUsage(before);
	const seconds = Math.round((user + system) / 1_000_000);
	say(`${count} histories from seed ${first} hold, in ${seconds} s of CPU time.`);
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
