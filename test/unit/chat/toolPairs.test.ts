import fc from 'fast-check';
import type { Turn } from '../../../nodes/shared/chat/conversation';
import { withWholePairs } from '../../../nodes/shared/chat/toolPairs';

const user = (text: string): Turn => ({ role: 'user', text, images: [], calls: [] });
const calls = (...ids: string[]): Turn => ({
	role: 'assistant',
	text: '',
	images: [],
	calls: ids.map((id) => ({ id, name: 'add', arguments: '{}' })),
});
const result = (callId: string, text = `of ${callId}`): Turn => ({
	role: 'tool',
	text,
	images: [],
	calls: [],
	callId,
});

describe('a conversation that a memory has cut', () => {
	const whole = [user('Hi'), calls('a', 'b'), result('a'), result('b'), user('And?')];

	it('stays as it is where nothing is missing', () => {
		expect(withWholePairs(whole)).toEqual(whole);
	});

	it('says a result without its call as a text', () => {
		expect(withWholePairs(whole.slice(2))).toEqual([
			{ ...result('a'), role: 'user', text: 'Result of a tool:\nof a' },
			{ ...result('b'), role: 'user', text: 'Result of a tool:\nof b' },
			user('And?'),
		]);
	});

	it('forgets a call without its result, and keeps the others and the words', () => {
		expect(withWholePairs(whole.slice(0, 3))).toEqual([user('Hi'), calls('a'), result('a')]);
		const said = { ...calls('c'), text: 'One moment' };
		expect(withWholePairs([user('Hi'), said])).toEqual([user('Hi'), { ...said, calls: [] }]);
	});

	it('takes a result that comes before its call, or twice, for a text', () => {
		expect(
			withWholePairs([result('a'), calls('a')]).map(({ role, calls: made }) => [role, made.length]),
		).toEqual([
			['user', 0],
			['assistant', 0],
		]);
		const twice = withWholePairs([calls('a'), result('a'), result('a')]);
		expect(twice.map(({ role }) => role)).toEqual(['assistant', 'tool', 'user']);
	});

	it('has whole pairs only, wherever it is cut', () => {
		const turn = fc.oneof(
			fc.constantFrom('a', 'b', 'c').map((id) => result(id)),
			fc.uniqueArray(fc.constantFrom('a', 'b', 'c')).map((ids) => calls(...ids)),
			fc.constant(user('x')),
		);
		fc.assert(
			fc.property(fc.array(turn), (turns) => {
				const open: string[] = [];
				for (const { role, calls: made, callId } of withWholePairs(turns)) {
					open.push(...made.map(({ id }) => id));
					if (role !== 'tool') continue;
					expect(open).toContain(callId);
					open.splice(open.indexOf(callId!), 1);
				}
				expect(open).toEqual([]);
			}),
		);
	});
});
