import type { IDataObject, INode } from 'n8n-workflow';
import type { SubNode } from '../../../nodes/host/subNode';
import type { Question } from '../../../nodes/jobs/answers';
import { keptLedger } from '../../../nodes/jobs/ledger/ledgerState';
import { thisProcess } from '../../../nodes/jobs/process';
import { ReplicateClient } from '../../../nodes/shared/api/client';
import { Claims } from '../../../nodes/shared/predictions/claims';
import { PREDICTION } from '../../../nodes/shared/models/jobKind';
import { until } from '../../timing';
import { FakeAccount } from '../fakeAccount';

const model = { kind: PREDICTION, version: 'acme/talks', name: 'acme/talks' };
let accounts = 0;

/** A chain with a chat model, as far as its questions go. */
class Chain {
	readonly account = new FakeAccount();
	readonly memory: IDataObject = {};
	readonly client = new ReplicateClient(
		{ apiToken: `r8_${accounts++}`, baseUrl: 'https://replicate.test/v1' },
		this.account.transport,
	);
	executionId = `chain ${accounts}`;

	constructor(readonly node: Partial<INode> = { retryOnFail: true, maxTries: 5 }) {}

	subNode(more: Partial<SubNode> = {}): SubNode {
		return {
			client: this.client,
			node: {} as INode,
			memory: this.memory,
			executionId: this.executionId,
			runIndex: 0,
			served: { name: 'Chain', ...this.node } as INode,
			hint: () => undefined,
			...more,
		};
	}

	/** One try of the chain. */
	async try<T>(
		body: (ask: (text: string, more?: Partial<Question>) => Promise<string>) => T,
		more = {},
	) {
		const subNode = this.subNode(more);
		const answers = await thisProcess.openAnswers(subNode);
		try {
			return await body(async (text, extra = {}) => {
				const { output } = await answers.ask({
					...{ model, input: { prompt: text }, files: [], asker: subNode },
					...{ timeoutSeconds: 300, maxPredictions: Infinity, ...extra },
				});
				return String(output);
			});
		} finally {
			await answers.close();
		}
	}

	/** What was asked, in order. */
	get asked() {
		return this.account.creates.map(({ body }) => (body.input as { prompt: string }).prompt);
	}

	get statuses() {
		return [...this.account.predictions.values()].map(({ status }) => status);
	}

	get entries() {
		return keptLedger(this.memory)!.entries;
	}
}

const running = () => ({ status: 'processing', output: null });

describe('the answers of a chat model', () => {
	describe('in one try', () => {
		it('are asked for as often as they are wanted, equal ones too', async () => {
			const chain = new Chain();
			const answers = await chain.try(async (ask) => [await ask('a'), await ask('a')]);
			expect(answers).toEqual(['of p1', 'of p2']);
			expect(chain.entries).toMatchObject([
				{ item: 0, id: 'p1', state: 'ended', outcome: 'collected', round: 1, kind: 'prediction' },
				{ item: 1, id: 'p2', state: 'ended', outcome: 'collected', round: 2 },
			]);
			expect(chain.entries[0]!.fingerprint).toBe(chain.entries[1]!.fingerprint);
			expect(chain.entries[0]!.inputDigest).toBeDefined();
			expect(chain.entries[0]!.key).not.toBe(chain.entries[1]!.key);
		});

		it('are held by Replicate, and come at once where their text is passed on', async () => {
			const chain = new Chain();
			await chain.try(async (ask) => {
				await ask('a', { timeoutSeconds: 40 });
				await ask('b', { onText: () => undefined });
			});
			const [held, streamed] = chain.account.creates.map(({ headers }) => headers);
			expect(Number(held!.prefer!.replace('wait=', ''))).toBeGreaterThanOrEqual(39);
			expect(Number(held!['cancel-after'])).toBeGreaterThanOrEqual(55);
			expect(streamed!.prefer).toBeUndefined();
		});

		it('that fail are an error, and are not collected', async () => {
			const chain = new Chain();
			chain.account.onCreate = () => ({ status: 'failed', error: 'too hot' });
			await expect(chain.try(async (ask) => await ask('a'))).rejects.toThrow('too hot');
			expect(chain.entries).toMatchObject([{ state: 'ended', status: 'failed' }]);
			expect(chain.entries[0]!.outcome).toBeUndefined();
		});

		it('are limited in number, also those that were refused', async () => {
			const chain = new Chain();
			const limit = { maxPredictions: 2 };
			await chain.try(async (ask) => {
				chain.account.failures.set('POST /predictions', 422);
				await expect(ask('a', limit)).rejects.toThrow();
				chain.account.failures.clear();
				await ask('b', limit);
				await expect(ask('c', limit)).rejects.toThrow('Max Predictions allows 2');
			});
			expect(chain.asked).toEqual(['b']);
		});

		it('are shared by all of n8n’s calls, until the last of them has ended', async () => {
			const chain = new Chain();
			const subNode = chain.subNode();
			const [first, second] = await Promise.all([
				thisProcess.openAnswers(subNode),
				thisProcess.openAnswers(subNode),
			]);
			expect(second).toBe(first);
			await first.close();
			const third = await thisProcess.openAnswers(subNode);
			expect(third).toBe(first);
			await second.close();
			await third.close();
			const next = await thisProcess.openAnswers(subNode);
			expect(next).not.toBe(first);
			await next.close();
		});
	});

	describe('where n8n does not say that a try has ended (n8n 2.16)', () => {
		const question = { model, files: [], timeoutSeconds: 300, maxPredictions: Infinity };

		it('begin anew with the next try, which gets what is paid for', async () => {
			const chain = new Chain();
			const open = async (ofTry: object) => {
				const asker = chain.subNode({ ofTry });
				const answers = await thisProcess.openAnswers(asker);
				const ask = async (prompt: string) =>
					(await answers.ask({ ...question, input: { prompt }, asker })).id;
				return { answers, ask };
			};
			const [oneTry, theNext] = [[], []];
			const first = await open(oneTry);
			expect(await first.ask('a')).toBe('p1');
			expect(await first.ask('b')).toBe('p2');
			expect((await open(oneTry)).answers).toBe(first.answers);
			const [next, beside] = await Promise.all([open(theNext), open(theNext)]);
			expect(next.answers).not.toBe(first.answers);
			expect(beside.answers).toBe(next.answers);
			expect([await next.ask('a'), await next.ask('b')]).toEqual(['p1', 'p3']);
		});

		it('leave what runs to the next try, and cancel it after the last one', async () => {
			for (const { tries, becomes } of [
				{ tries: 5, becomes: 'processing' },
				{ tries: 1, becomes: 'canceled' },
			]) {
				const chain = new Chain({ retryOnFail: tries > 1, maxTries: tries });
				chain.account.onCreate = running;
				const asker = chain.subNode({ ofTry: [] });
				const first = await thisProcess.openAnswers(asker);
				const asked = first.ask({ ...question, input: { prompt: 'a' }, asker });
				const failed = asked.catch((error: Error) => error);
				await until(() => chain.entries.some(({ id }) => id !== undefined));
				await thisProcess.openAnswers(chain.subNode({ ofTry: [] }));
				expect(await failed).toBeInstanceOf(Error);
				expect(chain.statuses).toEqual([becomes]);
			}
		});
	});

	describe('at the next try', () => {
		/** Tries to use these questions, and fails after the last. */
		const failing =
			(...questions: string[]) =>
			async (ask: (text: string) => Promise<string>) => {
				for (const question of questions) await ask(question);
			};

		it('are those of the earlier one, but for the last', async () => {
			const chain = new Chain();
			await chain.try(failing('a', 'b', 'c'));
			await chain.try(failing('a', 'b', 'c', 'd'));
			expect(chain.asked).toEqual(['a', 'b', 'c', 'c', 'd']);
			await chain.try(failing('a', 'b', 'c', 'd'));
			expect(chain.asked).toEqual(['a', 'b', 'c', 'c', 'd', 'd']);
		});

		it('are asked for again where they came together last', async () => {
			const chain = new Chain();
			await chain.try(async (ask) => {
				await ask('a');
				await Promise.all([ask('b'), ask('c')]);
			});
			await chain.try(failing('a', 'b', 'c'));
			expect(chain.asked).toEqual(['a', 'b', 'c', 'b', 'c']);
		});

		it('are asked for again where one that was taken up came last', async () => {
			const chain = new Chain();
			chain.account.onCreate = ({ body }) =>
				(body.input as { prompt: string }).prompt === 'b' ? running() : {};
			await chain.try(async (ask) => {
				await ask('a');
				ask('b').catch(() => undefined);
				while (chain.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
			});
			chain.account.end('p2');
			// It was never given before, so whether it serves is seen only now.
			await chain.try(failing('a', 'b'));
			expect(chain.asked).toEqual(['a', 'b']);
			chain.account.onCreate = undefined;
			await chain.try(failing('a', 'b'));
			expect(chain.asked).toEqual(['a', 'b', 'b']);
		});

		it('are not those that did not serve, also where no other one could be had', async () => {
			const chain = new Chain();
			await chain.try(failing('a'));
			chain.account.failures.set('POST /predictions', 422);
			await chain.try(async (ask) => await ask('a').catch(() => undefined));
			chain.account.failures.clear();
			await chain.try(failing('a'));
			expect(chain.asked).toEqual(['a', 'a']);
		});

		it('are all given again where a question failed by itself', async () => {
			const chain = new Chain();
			chain.account.onCreate = ({ body }) =>
				JSON.stringify(body).includes('bad') ? { status: 'failed', error: 'no' } : {};
			await chain.try(async (ask) => await Promise.allSettled([ask('a'), ask('bad'), ask('b')]));
			chain.account.onCreate = undefined;
			await chain.try(failing('a', 'bad', 'b'));
			expect(chain.asked).toEqual(['a', 'bad', 'b', 'bad']);
		});

		it('are other ones for another node, or another run of it', async () => {
			const chain = new Chain();
			const other = { served: { name: 'Other' } as INode };
			await chain.try(failing('a', 'b'));
			await chain.try(failing('a', 'b'), other);
			expect(chain.asked).toEqual(['a', 'b', 'a', 'b']);
			await chain.try(failing('a', 'b'), { runIndex: 1 });
			expect(chain.asked).toHaveLength(6);
			// A loop needs no more of its earlier runs.
			expect(chain.entries).toHaveLength(2);
		});

		it('do not lend one place’s answer to another of an equal question', async () => {
			const chain = new Chain();
			await chain.try(failing('same', 'same', 'x'));
			const again = await chain.try(async (ask) => [await ask('same'), await ask('same')]);
			expect(again).toEqual(['of p1', 'of p2']);
		});

		it('are claimed for the account, so that nobody else takes them', async () => {
			const chain = new Chain();
			chain.memory.ledger = {
				...{ runIndex: 0, execution: 'e', owner: 'o', tries: 1 },
				entries: [
					{
						...{ key: 'k', item: 0, execution: 'e', fingerprint: 'f', kind: 'prediction' },
						...{ state: 'created', from: 0, id: 'of the last try' },
					},
				],
			};
			chain.memory.lastRound = { number: 3, hasFailed: false };
			await chain.try(async () => await Promise.resolve());
			expect(Claims.ofProcess.has('of the last try')).toBe(true);
		});

		it('begin anew where n8n has kept a ledger alone, as of another node of that name', async () => {
			const chain = new Chain();
			const kept = { runIndex: 0, execution: 'e', owner: 'o', tries: 1, entries: [] };
			chain.memory.ledger = kept;
			expect(await chain.try(async (ask) => await ask('a'))).toBe('of p1');
		});

		it('count for the limit', async () => {
			const chain = new Chain();
			await chain.try(failing('a', 'b'));
			const limit = { maxPredictions: 2 };
			await expect(chain.try(async (ask) => await ask('c', limit))).rejects.toThrow('allows 2');
			expect(await chain.try(async (ask) => await ask('a', limit))).toBe('of p1');
		});
	});

	describe('that nobody waits for', () => {
		const left = async (chain: Chain, more: Partial<Question> = {}) => {
			chain.account.onCreate = running;
			let answer: Promise<string> | undefined;
			await chain.try(async (ask) => {
				answer = ask('a', more);
				answer.catch(() => undefined);
				while (chain.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
			});
			return answer!;
		};

		it('are cancelled', async () => {
			const chain = new Chain({});
			await expect(left(chain)).rejects.toThrow('was cancelled');
			expect(chain.statuses).toEqual(['canceled']);
			expect(chain.entries).toMatchObject([{ outcome: 'cancelled' }]);
		});

		it('are left for the next try, which waits for them', async () => {
			const chain = new Chain();
			await expect(left(chain)).rejects.toThrow('is still running');
			expect(chain.statuses).toEqual(['processing']);
			expect(chain.entries).toMatchObject([{ outcome: 'leftForRetry' }]);
			chain.account.end('p1');
			expect(await chain.try(async (ask) => await ask('a'))).toBe('of p1');
			expect(chain.asked).toEqual(['a']);
			expect(chain.entries).toMatchObject([{ outcome: 'collected' }]);
		});

		it('are waited for after n8n was killed, though nothing says how that try ended', async () => {
			const chain = new Chain();
			chain.account.onCreate = running;
			let saved: IDataObject = {};
			const killed = chain.try(async (ask) => {
				ask('a').catch(() => undefined);
				while (chain.entries[0]?.state !== 'created') {
					await new Promise((resolve) => setImmediate(resolve));
				}
				saved = structuredClone(chain.memory);
			});
			await killed;
			Object.assign(chain.memory, saved);
			chain.account.end('p1');
			expect(await chain.try(async (ask) => await ask('a'))).toBe('of p1');
			expect(chain.asked).toEqual(['a']);
		});

		it('are cancelled after the last try', async () => {
			const chain = new Chain({ retryOnFail: true, maxTries: 2 });
			await chain.try(async () => await Promise.resolve());
			await expect(left(chain)).rejects.toThrow('was cancelled');
			expect(chain.statuses).toEqual(['canceled']);
		});

		it('are cancelled when the workflow is stopped, whatever comes after', async () => {
			const chain = new Chain();
			const stopped = new AbortController();
			chain.account.onCreate = () => {
				setImmediate(() => stopped.abort());
				return running();
			};
			const asking = chain.try(async (ask) => await ask('a', { signal: stopped.signal }));
			await expect(asking).rejects.toThrow('was cancelled');
			expect(chain.statuses).toEqual(['canceled']);
		});

		it('are cancelled when their time is up', async () => {
			const chain = new Chain();
			chain.account.onCreate = running;
			const asking = chain.try(async (ask) => await ask('a', { timeoutSeconds: 1 }));
			await expect(asking).rejects.toThrow('within the time limit and was cancelled');
			expect(chain.statuses).toEqual(['canceled']);
		});
	});
});
