import {
	HumanMessage,
	ToolMessage,
	type AIMessageChunk,
	type BaseMessage,
} from '@langchain/core/messages';
import { isN8nSince } from '../../dev/engine/executions';
import { startChatWorld, type ChainStep, type ChatWorld } from './chatWorld';

const GPT = 'openai/gpt-4o-mini';

/**
 * A chain that is tried again pays only for what it could not use: an answer that it has used is given
 * to it anew, and the answers that came last are asked for again, because one of them may be why it
 * failed.
 */
describe('a chain that is tried again', () => {
	let world: ChatWorld;
	beforeAll(async () => {
		world = await startChatWorld();
	});
	afterEach(() => world.sandbox.forget());
	afterAll(async () => await world.stop());

	const items = (...texts: string[]) => texts.map((text) => ({ json: { text } }));
	/** The last words that were asked, in the order of the predictions. */
	const asked = () =>
		world.sandbox.predictions.all.map(
			({ input }) => (input.messages as Array<{ content: string }>).at(-1)!.content,
		);
	/** Answers each item; an answer that the condition does not take fails the chain. */
	const using = (takes: (answer: string, question: string) => boolean): ChainStep => {
		return async (model, item) => {
			const question = String(item.json.text);
			const { text } = await model.invoke([new HumanMessage(question)]);
			if (!takes(text, question)) throw new Error(`Cannot parse: ${text}`);
			return text;
		};
	};
	/** Answers that are used from the second time on that they are given. */
	const fussyAbout = (bad: string) => {
		let times = 0;
		return using((_, question) => question !== bad || ++times > 1);
	};

	it('asks again only for the answer that it could not use', async () => {
		const { answers, error } = await world.run(
			{ model: GPT, tries: 3 },
			fussyAbout('c'),
			items('a', 'b', 'c', 'd'),
		);
		expect(error).toBeUndefined();
		expect(answers).toEqual(['a', 'b', 'c', 'd'].map((text) => `You said "${text}".`));
		expect(asked()).toEqual(['a', 'b', 'c', 'c', 'd']);
	});

	it('gets another answer to it', async () => {
		world.sandbox.language.say(GPT, 'no JSON', '{"ok":true}');
		const { answers } = await world.run(
			{ model: GPT, tries: 2 },
			using((answer) => answer.startsWith('{')),
			items('a'),
		);
		expect(answers).toEqual(['{"ok":true}']);
	});

	it('asks equal questions as often as they are asked, in each try', async () => {
		world.sandbox.language.say(GPT, '1', '2', '3', '4');
		const { answers } = await world.run(
			{ model: GPT, tries: 2 },
			using((answer) => answer !== '3'),
			items('same', 'same', 'same'),
		);
		expect(answers).toEqual(['1', '2', '4']);
		expect(asked()).toHaveLength(4);
	});

	it('asks again for all answers that came together last', async () => {
		const { error } = await world.run(
			{ model: GPT, tries: 2, parallel: 2 },
			fussyAbout('c'),
			items('a', 'b', 'c', 'd'),
		);
		expect(error).toBeUndefined();
		expect(asked().sort()).toEqual(['a', 'b', 'c', 'c', 'd', 'd']);
	});

	it('asks again only for what failed where the model itself failed', async () => {
		world.sandbox.language.say(GPT, 'A', 'B', { error: 'CUDA out of memory' });
		const { answers, error } = await world.run(
			{ model: GPT, tries: 2, parallel: 3 },
			using(() => true),
			items('a', 'b', 'c'),
		);
		expect(error).toBeUndefined();
		expect(asked()).toHaveLength(4);
		expect((answers as string[]).filter((answer) => /^[AB]$/.test(answer))).toHaveLength(2);
	});

	it('takes up an answer that was paid for and never arrived', async () => {
		world.sandbox.faults.plan('POST', /^\/v1\/predictions$/, { kind: 'cutAfter' });
		// Longer than it is looked for in one try.
		world.sandbox.predictions.shown = { listLateMs: () => 14_000 };
		const { answers, error } = await world.run(
			{ model: GPT, tries: 2, pauseMs: 5_000 },
			using(() => true),
			items('a'),
		);
		world.sandbox.predictions.shown = {};
		expect(error).toBeUndefined();
		expect(answers).toEqual(['You said "a".']);
		expect(asked()).toEqual(['a']);
	});

	it('by hand pays no more than by itself', async () => {
		const step = fussyAbout('c');
		const failed = await world.start({ model: GPT }, step, items('a', 'b', 'c')).finished;
		expect(failed.status).toBe('error');
		const again = world.resultOf(await world.retry(failed, { model: GPT }, step).finished);
		expect(again.error).toBeUndefined();
		expect(again.answers).toHaveLength(3);
		expect(asked()).toEqual(['a', 'b', 'c', 'c']);
	});

	it('does not give one chain the answers of another that has the same model', async () => {
		world.sandbox.language.say(GPT, '1', '2', '3', '4');
		const answers: string[] = [];
		const { error } = await world.run(
			{ model: GPT, chains: 2 },
			async (model) => {
				const { text } = await model.invoke([new HumanMessage('same')]);
				answers.push(text);
				return text;
			},
			items('x', 'x'),
		);
		expect(error).toBeUndefined();
		expect(answers).toEqual(['1', '2', '3', '4']);
	});

	it('with another model pays for the other model', async () => {
		const step = using(() => false);
		const failed = await world.start({ model: GPT }, step, items('a')).finished;
		const other = { model: 'openai/gpt-5' };
		await world.retry(
			failed,
			other,
			using(() => true),
		).finished;
		const models = world.sandbox.predictions.all.map(({ model }) => model.name);
		expect(models).toEqual(['gpt-4o-mini', 'gpt-5']);
	});

	it('limits the predictions of all its tries together', async () => {
		const { error } = await world.run(
			{ model: GPT, tries: 4, options: { maxPredictions: 3 } },
			using(() => false),
			items('a'),
		);
		expect(error!.message).toContain('Max Predictions allows 3');
		expect(asked()).toHaveLength(3);
	});

	it('pays for no earlier round of an agent again whose tools are by prompt', async () => {
		const call = (n: number) => ({ toolCalls: [{ name: 'look', arguments: { n } }] });
		world.sandbox.language.say(GPT, call(1), call(2), 'no JSON', '{}');
		const parameters = {
			type: 'object',
			properties: { n: { type: 'number' } },
			required: ['n'],
		};
		const look = { type: 'function', function: { name: 'look', description: 'Looks', parameters } };
		const agent: ChainStep = async (model) => {
			const bound = model.bindTools!([look]);
			const messages: BaseMessage[] = [new HumanMessage('Look twice')];
			for (;;) {
				const said = (await bound.invoke(messages)) as AIMessageChunk;
				const calls = said.tool_calls ?? [];
				if (calls.length === 0 && said.text !== '{}') throw new Error(`Cannot parse ${said.text}`);
				if (calls.length === 0) return said.text;
				const results = calls.map(
					({ id, args }) => new ToolMessage({ tool_call_id: id!, content: `saw ${args.n}` }),
				);
				messages.push(said, ...results);
			}
		};
		const options = { toolCalling: 'byPrompt' };
		const { answers, error } = await world.run(
			{ model: GPT, tries: 2, options },
			agent,
			items('a'),
		);
		expect(error).toBeUndefined();
		expect(answers).toEqual(['{}']);
		// Three rounds, and the last one once more: a conversation with other call IDs would be another one.
		expect(asked()).toHaveLength(4);
		expect(asked()[2]).toContain('saw 2');
		expect(asked()[3]).toBe(asked()[2]);
	});

	describe('and fails while other items are asked', () => {
		/** Item "bad" fails at once; the answers of the others take half a second. */
		const failingFast: ChainStep = async (model, item) => {
			const question = String(item.json.text);
			if (question === 'bad') throw new Error('No text');
			return (await model.invoke([new HumanMessage(question)])).text;
		};
		const statuses = () => world.sandbox.predictions.all.map(({ status }) => status);
		const settings = { model: GPT, parallel: 3, failsFast: true };

		// n8n 2.16 tells no sub-node that the node which it serves has failed.
		const itWhereTold = isN8nSince('2.17') ? it : it.skip;

		itWhereTold('cancels what nobody waits for (since n8n 2.17)', async () => {
			world.sandbox.language.pace = 2_000;
			const step: ChainStep = async (model, item, context) => {
				if (item.json.text !== 'bad') return await failingFast(model, item, context);
				while (statuses().length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
				throw new Error('No text');
			};
			const { error } = await world.run(settings, step, items('a', 'bad', 'b'));
			expect(error!.message).toBe('No text');
			expect(statuses()).toEqual(['canceled', 'canceled']);
		});

		it('waits for it in the next try', async () => {
			world.sandbox.language.pace = 300;
			let tries = 0;
			const step: ChainStep = async (model, item, context) => {
				if (item.json.text !== 'bad') return await failingFast(model, item, context);
				while (statuses().length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
				if (++tries < 2) throw new Error('No text');
				return 'well';
			};
			const { answers, error } = await world.run(
				{ ...settings, tries: 2 },
				step,
				items('a', 'bad', 'b'),
			);
			expect(error).toBeUndefined();
			expect(answers).toEqual(['You said "a".', 'well', 'You said "b".']);
			expect(statuses()).toEqual(['succeeded', 'succeeded']);
		});
	});

	it('takes nothing of an earlier execution', async () => {
		const step = using(() => true);
		await world.run({ model: GPT }, step, items('a'));
		await world.run({ model: GPT }, step, items('a'));
		expect(asked()).toEqual(['a', 'a']);
	});
});
