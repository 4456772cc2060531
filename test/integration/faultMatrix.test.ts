import { SANDBOX_TOKEN } from '../../dev/sandbox/accounts';
import { CALLS, play, startImpostor, type Impostor, type Played } from './faultedCalls';
import { calm } from '../timing';
import { startWorld, type World } from './world';

/*
 * What a builder gets when one call to Replicate goes wrong. Each line is a fault, each column the
 * call that meets it, each cell what becomes of the run; every cell is run in n8n's engine.
 * A fault strikes once, unless it says "for good".
 *
 * right        the result is there, as if nothing had happened; for cancel: it is cancelled
 * again        Replicate calls back a second time, and then the result is there
 * timer        n8n stays suspended; its timer passes the prediction's id on, and Get brings the result
 * no answer    the error says that no answer came
 * late         the error says that the file could not be uploaded within the time limit
 * not known    the error says that it is not known whether the prediction was created
 * no word      the error says that Replicate did not confirm the cancellation
 * unreadable   the error says that the prediction was created, its id, and how to get it
 * paid         the error says that the run is paid, its id, and how to get the file
 * throttled, too large, blocked, unavailable   the error says so
 * – (n)        cannot be: see the note below the table
 * (slow)       takes over a minute: run with FAULTS=all
 */
const MATRIX = `
fault                    | upload      | create    | poll       | cancel    | download | search            | callback | delivery
refused for 2 s          | right       | right     | right      | right     | right    | right             | right    | again
refused for good         | no answer   | no answer | no answer  | no answer | paid     | no answer         | timer    | – (4)
reset before it is sent  | right       | not known | right      | right     | right    | right             | right    | again
reset after it was sent  | right       | right     | right      | right     | right    | right             | right    | right
stall                    | right       | not known | right      | right     | right    | right             | again    | – (4)
stall for good           | late        | not known | right      | no word   | paid     | no answer (slow)  | timer    | – (4)
slow drip                | right       | right     | right      | right     | right    | right             | right    | right
drip without end         | right       | right     | right      | right     | right    | right (slow)      | again    | – (4)
429 retry_after          | right       | right     | right      | right     | right    | right             | right    | – (1)
429 Retry-After          | right       | right     | right      | right     | right    | right             | right    | – (1)
429 Retry-After, a date  | right       | right     | right      | right     | right    | right             | right    | – (1)
429 ratelimit-reset      | right       | right     | right      | right     | right    | right             | right    | – (1)
429 in words             | right       | right     | right      | right     | right    | right             | right    | – (1)
429 without a hint       | right       | right     | right      | right     | right    | right             | right    | – (1)
429 for an hour          | throttled   | throttled | right      | right     | paid     | throttled         | right    | – (1)
500 JSON                 | right       | not known | right      | right     | right    | right             | right    | – (1)
502 HTML                 | right       | not known | right      | right     | right    | right             | right    | – (1)
503 HTML                 | right       | not known | right      | right     | right    | right             | right    | – (1)
503 HTML for good        | unavailable | not known | right      | no word   | paid     | unavailable       | timer    | – (1)
403 HTML                 | blocked     | blocked   | unreadable | no word   | – (5)    | blocked           | right    | – (1)
413 HTML                 | too large   | too large | unreadable | no word   | paid     | too large         | right    | – (1)
200 HTML                 | right       | not known | right      | right     | – (2)    | right             | right    | – (1)
200 other JSON           | right       | not known | right      | right     | – (2)    | right             | right    | – (1)
truncated JSON           | right       | right     | right      | right     | – (2)    | right             | right    | again
truncated body           | right       | right     | right      | right     | right    | right             | right    | again
longer than announced    | right       | right     | right      | right     | – (3)    | right             | right    | – (3)
shorter than announced   | right       | right     | right      | right     | right    | right             | again    | – (4)
TLS error                | no answer   | no answer | no answer  | no answer | paid     | no answer         | timer    | – (4)
`;
/*
 * (1) An answer of Replicate's. Here n8n answers, and Replicate's part is to call again.
 * (2) A file may hold anything: what came whole, with a good status, is the file.
 * (3) HTTP ends a body where its length says. For a client, what follows does not exist.
 * (5) A file whose host refuses it stays a URL with a note.
 * (4) Replicate's connection to n8n, which ends at n8n's server, before the node.
 */

/** What an error says: in its message, and what to do in its description. */
const ERRORS: Record<string, { says: RegExp; advises: RegExp }> = {
	'no answer': {
		says: /^Could not get a response from http/,
		advises: /^Check the network|NODE_EXTRA_CA_CERTS/,
	},
	late: {
		says: /could not be uploaded within the time limit/,
		advises: /Nothing was created/,
	},
	'not known': {
		says: /so it is not known whether the prediction was created/,
		advises: /nothing is paid for twice.*replicate\.com\/predictions/,
	},
	'no word': {
		says: /Replicate did not confirm that it was cancelled, so it may still be running/,
		advises: /^Prediction \w{26}\./,
	},
	unreadable: {
		says: /^The prediction was created, but it can no longer be read/,
		advises: /get prediction \w{26} with Prediction → Get/,
	},
	paid: {
		says: /^The prediction succeeded, but its output file could not be fetched/,
		advises: /Prediction → Get and the ID \w{26}, or open http/,
	},
	throttled: { says: /^Replicate is limiting how fast/, advises: /^Lower Options → Concurrency/ },
	'too large': { says: /because it is too large/, advises: /pass its https URL/ },
	blocked: { says: /^Replicate refused the request \(403\)/, advises: /firewall/ },
	unavailable: { says: /^Replicate is not available right now/, advises: /^Try again in/ },
};

const CANCELLED = {
	says: /not finished within the time limit and was cancelled/,
	advises: /^Prediction \w{26}\./,
};

/** Sandboxes that run at the same time: most of a cell's time is waiting. */
const PLAYERS = 56;

/** The longest that a slow cell may take, in s: reads that nothing else limits take two minutes. */
const SLOW_WITHIN = 135;

const [header, ...lines] = MATRIX.trim()
	.split('\n')
	.map((line) => line.split('|').map((text) => text.trim()));
const cells = lines.flatMap(([fault, ...outcomes]) =>
	outcomes.map((text, column) => ({
		fault: fault!,
		call: header![column + 1]!,
		outcome: text.replace(' (slow)', ''),
		isSlow: text.endsWith('(slow)'),
		isRun: !text.startsWith('–') && (!text.endsWith('(slow)') || process.env.FAULTS === 'all'),
		/** Those that take long begin first. */
		isLong: /stall|end|good|hour|hint|shorter/.test(fault!),
	})),
);
type Cell = (typeof cells)[number];

describe('a fault in a call', () => {
	let home: World;
	let impostor: Impostor;
	const played = new Map<Cell, Promise<Played>>();

	beforeAll(async () => {
		home = await startWorld();
		impostor = await startImpostor();
		const queue = cells.filter(({ isRun }) => isRun);
		queue.sort((one, other) => Number(other.isLong) - Number(one.isLong));
		let turn = Promise.resolve();
		const players: Array<Promise<unknown>> = Array.from({ length: PLAYERS }, async () => {});
		for (const [index, cell] of queue.entries()) {
			const { fault, call, outcome } = cell;
			const within = cell.isSlow ? SLOW_WITHIN : CALLS[call]!.within;
			const isForGood = fault.endsWith('for good') || outcome === 'timer';
			const before = players[index % PLAYERS]!;
			const playing = before
				.then(async () => await (turn = turn.then(calm)))
				.then(async () => await play(home.engine, impostor, fault, call, isForGood, within));
			players[index % PLAYERS] = playing.catch(() => {});
			played.set(cell, playing);
		}
	});
	afterAll(async () => await Promise.all([home.stop(), impostor.stop()]));

	describe.each(header!.slice(1))('%s', (call) => {
		const column = cells.filter((cell) => cell.call === call && cell.isRun);

		it.each(column.map((cell) => [cell.fault, cell.outcome, cell] as const))(
			'%s: %s',
			async (fault, outcome, cell) => {
				const { isRight, error, runData, callbacks, created, isInTime, seconds } =
					await played.get(cell)!;
				const { createdOnError } = CALLS[call]!;
				const says = call === 'cancel' && outcome === 'right' ? CANCELLED : ERRORS[outcome];
				if (says) {
					expect(error?.message).toMatch(says.says);
					expect(error?.message).toMatch(/ \[item 0\]$/);
					expect(error?.description).toMatch(says.advises);
				} else {
					expect(error).toBeUndefined();
					expect(isRight).toBe(true);
				}
				expect(created).toBe(says ? createdOnError : call === 'search' ? 0 : 1);
				expect(runData).not.toContain(SANDBOX_TOKEN);
				expect(isInTime).toBe(true);
				if (/^429 .*(retry|limit|words)/i.test(fault) && call !== 'cancel') {
					expect(seconds).toBeGreaterThanOrEqual(1);
				}
				if (outcome === 'again') expect(callbacks[0]).not.toBe(200);
				if (outcome === 'again') expect(callbacks).toContain(200);
			},
			600_000,
		);
	});

	it('never tells the token to an impostor', async () => {
		await Promise.allSettled(played.values());
		expect(impostor.requests).toBe(0);
	}, 600_000);
});
