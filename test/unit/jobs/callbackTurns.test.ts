import { CallbackTurns } from '../../../nodes/jobs/callback/callbackTurns';

/** A turn that ends when it is told to. */
function held() {
	let end!: (outcome: string) => void;
	let fail!: (error: Error) => void;
	const outcome = new Promise<string>((resolve, reject) => {
		end = resolve;
		fail = reject;
	});
	let isBegun = false;
	const turn = async () => {
		isBegun = true;
		return await outcome;
	};
	return { turn, end, fail, isBegun: () => isBegun };
}

const isLast = (outcome: string) => outcome === 'resumed';

describe('the callbacks of an execution', () => {
	let turns: CallbackTurns<string>;
	beforeEach(() => (turns = new CallbackTurns('waiting')));

	const settled = async () => await new Promise((resolve) => setImmediate(resolve));

	it('are handled one at a time, and one more for all that came meanwhile', async () => {
		const [first, second, third] = [held(), held(), held()];
		const outcomes = [first, second, third].map(
			async ({ turn }) => await turns.take('execution', turn, isLast),
		);
		await settled();
		expect([first, second, third].map(({ isBegun }) => isBegun())).toEqual([true, false, false]);
		first.end('waiting');
		await settled();
		expect([second, third].map(({ isBegun }) => isBegun())).toEqual([true, false]);
		second.end('resumed');
		expect(await Promise.all(outcomes)).toEqual(['waiting', 'resumed', 'waiting']);
	});

	it('have no further turn when the execution goes on', async () => {
		const [first, second] = [held(), held()];
		const outcomes = [first, second].map(
			async ({ turn }) => await turns.take('execution', turn, isLast),
		);
		first.end('resumed');
		expect(await Promise.all(outcomes)).toEqual(['resumed', 'waiting']);
		expect(second.isBegun()).toBe(false);
	});

	it('have their turn after one that failed', async () => {
		const [first, second] = [held(), held()];
		const failing = turns.take('execution', first.turn, isLast);
		const next = turns.take('execution', second.turn, isLast);
		first.fail(new Error('not now'));
		await expect(failing).rejects.toThrow('not now');
		second.end('resumed');
		expect(await next).toBe('resumed');
	});

	it('fail with the turn that they share, so that each of them comes again', async () => {
		const [first, second, third] = [held(), held(), held()];
		const [done, ...failing] = [first, second, third].map(
			async ({ turn }) => await turns.take('execution', turn, isLast),
		);
		const all = Promise.allSettled(failing);
		first.end('waiting');
		second.fail(new Error('not now'));
		expect(await done).toBe('waiting');
		expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		const fourth = held();
		fourth.end('resumed');
		expect(await turns.take('execution', fourth.turn, isLast)).toBe('resumed');
	});

	it('do not wait for those of another execution', async () => {
		const [first, second] = [held(), held()];
		const waiting = turns.take('one', first.turn, isLast);
		second.end('resumed');
		expect(await turns.take('another', second.turn, isLast)).toBe('resumed');
		first.end('waiting');
		expect(await waiting).toBe('waiting');
	});
});
