import type { ChatTool } from '../../nodes/shared/chat/tools';

/*
 * Answers as a model might write them, for the measurement of tool calling. They are scripted: none
 * was recorded.
 */

/** One answer of a model. */
export interface ScriptedAnswer {
	/** What is particular about it. */
	name: string;
	text: string;
}

/** A kind of answers, and what it tries. */
export interface AnswerClass {
	title: string;
	answers: ScriptedAnswer[];
}

export const OFFERED: ChatTool[] = [
	{
		name: 'get_weather',
		description: 'The weather of a city in the next days',
		parameters: {
			type: 'object',
			properties: {
				city: { type: 'string' },
				days: { type: 'integer', minimum: 1, maximum: 14 },
				units: { enum: ['metric', 'imperial'] },
			},
			required: ['city'],
			additionalProperties: false,
		},
	},
	{
		name: 'send_mail',
		description: 'Sends a mail',
		parameters: {
			type: 'object',
			properties: {
				to: { type: 'string' },
				options: { type: 'object', properties: { priority: { type: 'number' } } },
			},
			required: ['to'],
		},
	},
	{
		name: 'list_tasks',
		description: 'All open tasks',
		parameters: { type: 'object', properties: {}, additionalProperties: false },
	},
];

/** The answer to the repair request where that one is good. */
export const GOOD = wrapped(call('get_weather', '{"city":"Oslo"}'));

const OSLO = call('get_weather', '{"city":"Oslo"}');
const TASKS = call('list_tasks', '{}');
const UNKNOWN = call('drop_tables', '{}');

export const CLASSES: AnswerClass[] = [
	{
		title: 'As asked',
		answers: [
			{ name: 'a call', text: GOOD },
			{ name: 'two calls in one list', text: wrapped(OSLO, TASKS) },
			{ name: 'a plain answer', text: 'It is sunny in Oslo.' },
			{ name: 'an answer with other JSON', text: 'The settings are {"units":"metric"}.' },
			{ name: 'an answer that mentions the key', text: 'Calls are in "tool_calls".' },
			{ name: 'an answer with braces', text: 'In n8n, write {{ $json.city }}.' },
			{ name: 'an empty answer', text: '' },
		],
	},
	{
		title: 'Sloppy',
		answers: [
			{ name: 'words before', text: `I look it up. ${GOOD}` },
			{ name: 'words after', text: `${GOOD} I will tell you.` },
			{ name: 'in a code fence', text: `\`\`\`json\n${GOOD}\n\`\`\`` },
			{ name: 'a code fence among words', text: `Sure:\n\`\`\`json\n${GOOD}\n\`\`\`\nDone.` },
			{ name: 'quoted as an example', text: `To get it, one would write: ${GOOD}` },
			{
				name: 'arguments as JSON text',
				text: wrapped(call('get_weather', '"{\\"city\\":\\"Oslo\\"}"')),
			},
			{ name: 'OpenAI’s form', text: `{"tool_calls":[{"type":"function","function":${OSLO}}]}` },
			{ name: 'a key beside it', text: `{"thought":"Oslo?","tool_calls":[${OSLO}]}` },
			{ name: 'two objects', text: `${GOOD}\n${wrapped(TASKS)}` },
			{
				name: 'two objects, a result made up between',
				text: `${GOOD} It is 20 °C. ${wrapped(TASKS)}`,
			},
			{ name: 'the wrapper in a list', text: `[${GOOD}]` },
			{ name: 'a brace too many', text: `${GOOD}}` },
			{ name: 'a brace too few', text: GOOD.slice(0, -1) },
			{ name: 'cut off in the arguments', text: GOOD.slice(0, -8) },
			{ name: 'cut off in the key', text: GOOD.slice(0, 8) },
			{ name: 'a comma at the end', text: `{"tool_calls":[${OSLO},]}` },
			{ name: 'single quotes', text: GOOD.replaceAll('"', "'") },
			{ name: 'typographic quotes', text: '{“tool_calls”:[]}' },
			{ name: 'uppercase keys', text: `{"TOOL_CALLS":[${OSLO}]}` },
			{ name: 'a call without the wrapper', text: OSLO },
			{ name: 'a call in tags, as Qwen has it', text: `<tool_call>${OSLO}</tool_call>` },
			{ name: '“parameters”, as Llama 3 has it', text: '{"name":"list_tasks","parameters":{}}' },
			{
				name: 'no arguments, where none are needed',
				text: '{"tool_calls":[{"name":"list_tasks"}]}',
			},
			{ name: 'no list', text: `{"tool_calls":${OSLO}}` },
			{ name: 'an empty list', text: '{"tool_calls":[]}' },
		],
	},
	{
		title: 'Wrong or hostile',
		answers: [
			{ name: 'a tool that does not exist', text: wrapped(UNKNOWN) },
			{ name: 'one that exists beside one that does not', text: wrapped(OSLO, UNKNOWN) },
			{ name: 'a name in another case', text: wrapped(call('Get_Weather', '{"city":"Oslo"}')) },
			{ name: 'a name of every object', text: wrapped(call('constructor', '{}')) },
			{ name: 'a required argument is missing', text: wrapped(call('get_weather', '{"days":3}')) },
			{ name: 'a wrong type', text: wrapped(call('get_weather', '{"city":"Oslo","days":"3"}')) },
			{
				name: 'a number outside its limits',
				text: wrapped(call('get_weather', '{"city":"Oslo","days":99}')),
			},
			{
				name: 'a choice that there is not',
				text: wrapped(call('get_weather', '{"city":"Oslo","units":"kelvin"}')),
			},
			{
				name: 'an argument more, forbidden',
				text: wrapped(call('get_weather', '{"city":"Oslo","country":"NO"}')),
			},
			{
				name: 'an argument more, allowed',
				text: wrapped(call('send_mail', '{"to":"a@example.com","mood":"good"}')),
			},
			{
				name: 'a wrong type inside',
				text: wrapped(call('send_mail', '{"to":"a@example.com","options":{"priority":"high"}}')),
			},
			{ name: 'arguments as a list', text: wrapped(call('get_weather', '["Oslo"]')) },
			{ name: 'arguments as words', text: wrapped(call('get_weather', '"Oslo"')) },
			{
				name: 'an argument twice',
				text: wrapped(call('get_weather', '{"city":"Oslo","city":"Bergen"}')),
			},
			{
				name: 'a number with lost digits',
				text: wrapped(call('send_mail', '{"to":"a","id":50403806253646857}')),
			},
			{ name: 'a call quoted in a text of JSON', text: JSON.stringify({ note: GOOD }) },
			{ name: 'a call inside another object', text: `{"log":{"tool_calls":[${OSLO}]}}` },
			{
				name: 'a key that changes prototypes',
				text: wrapped(call('send_mail', '{"to":"a","__proto__":{"admin":true}}')),
			},
			{
				name: '10,000 lists in each other',
				text: wrapped(
					call('send_mail', `{"to":"a","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`),
				),
			},
			{ name: '1,000 calls', text: wrapped(...Array.from({ length: 1_000 }, () => TASKS)) },
			{ name: '1 MB of braces', text: '{'.repeat(1_000_000) },
			{ name: '1 MB of braces, then a call', text: `${'{'.repeat(1_000_000)} ${GOOD}` },
			{ name: '1 MB of objects that never close', text: '{"a":'.repeat(200_000) },
			{
				name: 'a call of 1 MB',
				text: wrapped(call('send_mail', `{"to":"${'a'.repeat(1_000_000)}"}`)),
			},
		],
	},
];

/** A call as a model writes it: its arguments are JSON already, or what should be. */
function call(name: string, given: string): string {
	return `{"name":"${name}","arguments":${given}}`;
}

function wrapped(...calls: string[]): string {
	return `{"tool_calls":[${calls.join(',')}]}`;
}
