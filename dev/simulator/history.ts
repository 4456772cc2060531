import { Account } from './account';
import { countsOf } from './bill';
import { Chance } from './chance';
import type { Execution } from './execution';
import { N8n } from './n8n';
import { Network } from './network';
import type { Fate } from './models';
import { scriptOf } from './scripts';
import { stage } from './stage';
import { VirtualTime } from './time';

/** A history at its end. */
export interface Played {
	seed: number;
	chance: Chance;
	account: Account;
	executions: Execution[];
	log: string[];
	/** When it came to rest, in ms. */
	endedAt: number;
	/** Calls that were begun and never came back. */
	isHanging: boolean;
	faultRate: number;
	/** Creates that were sent before a 429 allowed it. */
	stormed: string[];
	/** Who was told of the end of which prediction, as "execution id", in time for its request. */
	toldEnds: ReadonlySet<string>;
	/** The `Cancel-After` of each create that an execution has sent, also of those that never arrived. */
	limits: ReadonlyMap<string, ReadonlySet<string | undefined>>;
}

/** How long a history may last, in ms: all its waits are shorter. */
const LONGEST_MS = 48 * 60 * 60 * 1_000;

/**
 * Plays the history of a seed: executions beside each other on a bad network, until nothing is due any
 * more.
 *
 * @param kept the only choices that may stray from the plainest
 */
export async function play(seed: number, kept?: ReadonlySet<string>): Promise<Played> {
	const chance = new Chance(seed, kept);
	const time = new VirtualTime();
	Object.assign(stage, { time, ids: 0, processes: 0 });
	const fates = new Map<string, number>();
	const account = new Account(time, (input) => {
		const label = String(input.label ?? input.prompt);
		const count = fates.get(label) ?? 0;
		fates.set(label, count + 1);
		return fateOf(chance, `${label} prediction ${count}`);
	});
	const faultRate = chance.pick('fault rate', [1, 0], [2, 0.05], [3, 0.15], [1, 0.4]);
	const network = new Network(account, time, chance, faultRate);
	const processes = chance.pick('processes', [7, 1], [3, 2]);
	const n8n = new N8n(account, network, time, chance, processes);
	setBehaviour(account, chance);
	stage.sendWebhook = async (url, { headers, body }) => {
		const key = `callback ${headers['webhook-id']} at ${time.now()}`;
		const fault = chance.pick(key, [80, 'none'], [8, 'refused'], [8, 'answerLost'], [4, 'slow']);
		if (fault === 'refused') throw new Error('ECONNREFUSED');
		await time.sleep(fault === 'slow' ? 9_000 : 30);
		const status = await n8n.call(url, headers, body);
		network.note(`callback: ${status}${fault === 'none' ? '' : `, ${fault}`}`);
		if (fault === 'answerLost') throw new Error('ECONNRESET');
		return status;
	};
	const count = chance.pick('executions', [4, 1], [5, 2], [2, 3], [1, 4]);
	for (let at = 0; at < count; at++) void n8n.start(scriptOf(chance, `e${at}`, n8n.store));
	if (chance.happens('a process is killed', 0.1)) {
		const at = chance.between('which process is killed', 0, processes - 1);
		time.after(chance.between('when it is killed', 1, 90_000), () => n8n.kill(at));
	}
	await time.run(time.now() + LONGEST_MS);
	const { executions } = n8n;
	const isHanging = executions.some(({ status }) => status === 'running' || status === 'waiting');
	return {
		seed,
		chance,
		account,
		executions,
		log: network.log,
		endedAt: time.now(),
		isHanging,
		faultRate,
		stormed: network.stormed,
		toldEnds: network.toldEnds,
		limits: network.limits,
	};
}

function fateOf(chance: Chance, key: string): Fate & { bootMs: number } {
	return {
		bootMs: chance.pick(`${key} boots`, [6, 20], [2, 2_500], [1, 15_000]),
		counts: countsOf(chance, key),
		runMs: chance.pick(`${key} runs`, [5, 300], [4, 4_000], [2, 25_000], [1, 90_000], [1, 900_000]),
		end: chance.pick<Fate['end']>(
			`${key} ends`,
			[14, 'text'],
			[2, 'file'],
			[2, 'failed'],
			[2, 'outOfService'],
		),
	};
}

/** How the account's service behaves, where the real one is not known, or is slow at times. */
function setBehaviour({ predictions, createLimit, webhooks }: Account, chance: Chance): void {
	const listLateMs = chance.pick('list is late', [6, 0], [3, 1_500], [1, 9_000]);
	const getLateMs = chance.pick('reads are late', [8, 0], [2, 1_200]);
	predictions.shown = {
		listLateMs: () => listLateMs,
		getLateMs: () => getLateMs,
		listedInput: chance.pick<'empty' | 'missing' | undefined>(
			'list inputs',
			[8, undefined],
			[1, 'empty'],
			[1, 'missing'],
		),
		listedOutput: chance.pick<'null' | 'missing' | undefined>(
			'list outputs',
			[8, undefined],
			[1, 'null'],
			[1, 'missing'],
		),
	};
	predictions.shown.listedDeadline = chance.pick<'missing' | 'wholeSeconds' | undefined>(
		'list deadlines',
		[8, undefined],
		[1, 'missing'],
		[1, 'wholeSeconds'],
	);
	predictions.cancels = {
		lateMs: chance.pick<number | undefined>(
			'cancels are late',
			[7, undefined],
			[2, 3_000],
			[1, 40_000],
		),
		refuseEndedWith: chance.pick<number | undefined>('late cancels', [8, undefined], [1, 409]),
	};
	const limit = chance.pick('creates a minute', [8, 60_000], [1, 30], [1, 6]);
	if (limit < 60_000) createLimit.options = { perMinute: limit, burst: 1 };
	webhooks.options = {
		copies: chance.pick('copies of callbacks', [8, 1], [1, 2]),
		delayMs: (_event, { id }) =>
			chance.pick(`callback of ${id} is late`, [8, 0], [2, 6_000], [1, 200_000]),
		isLost: (_event, { id }) => chance.happens(`callback of ${id} is lost`, 0.06),
	};
}
