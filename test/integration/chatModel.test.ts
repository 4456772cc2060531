import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { startChatWorld, type ChatWorld } from './chatWorld';

describe('the Replicate Chat Model in n8n’s engine', () => {
	let world: ChatWorld;
	beforeAll(async () => {
		world = await startChatWorld();
	});
	afterEach(() => world.sandbox.forget());
	afterAll(async () => await world.stop());

	it('answers a chain, and shows what it used', async () => {
		const { answers, error, calls } = await world.run(
			{ model: 'openai/gpt-4o-mini' },
			async (model) => {
				const answer = await model.invoke([
					new SystemMessage('Be nice'),
					new HumanMessage('Hello'),
				]);
				return answer.text;
			},
		);
		expect(error).toBeUndefined();
		expect(answers).toEqual(['You said "Hello".']);
		expect(JSON.stringify(calls[0]!.data)).toContain('"totalTokens":');
	});
});
