import fc from 'fast-check';
import { nativeTools, readNativeCalls } from '../../../nodes/shared/chat/nativeTools';
import type { JsonValue } from '../../../nodes/shared/api/json';
import { isAllowed, TASKS, TOOLS, WEATHER } from './chatTools';
import { callIdsOf } from '../../../nodes/shared/chat/tools';

const OSLO = { city: 'Oslo' };
const read = (output: JsonValue) => readNativeCalls(output, TOOLS, callIdsOf('p1'));

describe('nativeTools', () => {
	it('describes functions as the Responses API takes them: flat', () => {
		expect(nativeTools([WEATHER])).toEqual([{ type: 'function', ...WEATHER }]);
	});

	it('leaves out a description that there is not', () => {
		const [tool] = nativeTools([{ name: 'x', parameters: {} }]);
		expect(tool).toEqual({ type: 'function', name: 'x', parameters: {} });
	});
});

describe('readNativeCalls', () => {
	const call = { id: 'call_1', name: 'get_weather', arguments: OSLO };
	const json = JSON.stringify(OSLO);
	const item = { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: json };

	it.each<[string, JsonValue]>([
		[
			'tool_calls of Chat Completions',
			{ tool_calls: [{ id: 'call_1', function: { name: 'get_weather', arguments: json } }] },
		],
		['tool_calls with arguments as an object', { tool_calls: [{ ...call }] }],
		['tool_calls that are items of the Responses API', { text: null, tool_calls: [item] }],
		[
			'items in output',
			{
				output: [
					{ type: 'message', content: [] },
					{ ...item, id: 'fc_1' },
				],
			},
		],
		['the list itself', ['Some text', { type: 'reasoning' }, item]],
		['one call without a list', { tool_calls: { ...call } }],
	])('reads %s', (_where, output) => {
		expect(read(output)).toEqual({ calls: [call], invalid: [] });
	});

	it('makes a call once that is in two places', () => {
		expect(read({ tool_calls: [{ ...call }], output: [item] }).calls).toHaveLength(1);
	});

	it.each<[JsonValue]>([
		['text'],
		[['a', 'b']],
		[null],
		[{ text: 'Hello', json_output: null, response_id: 'resp_1' }],
		[{ tool_calls: null, text: 'Hello' }],
		[{ tool_calls: [], output: 'Hello' }],
		[{ json_output: { name: 'get_weather', arguments: {} } }],
	])('finds no call in %j', (output) => {
		expect(read(output)).toEqual({ calls: [], invalid: [] });
	});

	it('gives an id to a call without one, and a new one where two calls share theirs', () => {
		const { calls } = read({ tool_calls: [{ ...call, id: '' }, { ...call }, { ...call }] });
		const [one, two, three] = calls.map(({ id }) => id);
		expect(one).toMatch(/^call_[0-9a-f]{32}$/);
		expect(two).toBe('call_1');
		expect(three).toMatch(/^call_[0-9a-f]{32}$/);
	});

	it.each<[JsonValue, string]>([
		[{ name: 'get_weather', arguments: '[1]' }, 'must be an object, and is the text "[1]"'],
		[{ name: 'get_weather', arguments: '{"city":' }, 'a text that is not valid JSON'],
		[{ name: 'get_weather', arguments: '' }, 'a text that is not valid JSON'],
		[{ name: 'get_weather', arguments: 5 }, 'must be an object, and is 5'],
		[{ name: 'get_weather' }, '"arguments" is missing'],
		[{ name: 'get_weather', arguments: '{"city":"a","city":"b"}' }, 'has a key twice'],
		[{ name: 'get_weather', arguments: '{"city":5}' }, '"arguments/city" must be a string'],
		[{ name: 'send_mail', arguments: { to: 'a', id: 2 ** 53 } }, 'more digits than can be kept'],
		[
			{ name: 'send_mail', arguments: JSON.parse('{"to":"a","__proto__":{}}') as JsonValue },
			'the key "__proto__"',
		],
		[{ name: 'Get_Weather', arguments: json }, 'there is no tool "Get_Weather"; the tools are'],
		[{ arguments: json }, 'a call has no "name"'],
		['get_weather', 'a call must be an object'],
	])('reports %j, and makes the others', (entry, reason) => {
		const { calls, invalid } = read({ tool_calls: [entry, { ...call }] });
		expect(calls).toEqual([call]);
		expect(invalid).toEqual([
			expect.objectContaining({ id: expect.stringMatching(/^call_/), reason: expect.any(String) }),
		]);
		expect(invalid[0]!.reason).toContain(reason);
	});

	it('keeps the name and the arguments of an invalid call as the model wrote them', () => {
		const { invalid } = read([{ ...item, arguments: '{"city":' }]);
		expect(invalid[0]).toMatchObject({ id: 'call_1', name: 'get_weather', arguments: '{"city":' });
	});

	it('refuses more calls than an agent can have a use for', () => {
		const { calls, invalid } = read(Array.from({ length: 101 }, () => item));
		expect(calls).toEqual([]);
		expect(invalid).toEqual([expect.objectContaining({ reason: 'there are more than 100 calls' })]);
	});

	it('drops and invents no call, whatever the entries', () => {
		const names = fc.constantFrom('get_weather', 'send_mail', 'list_tasks', 'other');
		const given = fc.oneof(fc.jsonValue(), fc.json(), fc.constantFrom(json, '{}', OSLO, {}));
		const entry = fc.oneof(
			fc.jsonValue(),
			fc.record({ name: names, arguments: given }),
			fc.record({ id: fc.string(), function: fc.record({ name: names, arguments: given }) }),
		);
		fc.assert(
			fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), (entries) => {
				const { calls, invalid } = read({ tool_calls: entries as JsonValue[] });
				expect(calls.length + invalid.length).toBe(entries.length);
				expect(calls.filter((one) => !isAllowed(one))).toEqual([]);
				const ids = [...calls, ...invalid].map(({ id }) => id);
				expect(new Set(ids).size).toBe(entries.length);
			}),
		);
	});

	it('takes {} for a tool without arguments', () => {
		expect(read([{ type: 'function_call', name: TASKS.name, arguments: '{}' }]).calls).toEqual([
			expect.objectContaining({ name: 'list_tasks', arguments: {} }),
		]);
	});
});
