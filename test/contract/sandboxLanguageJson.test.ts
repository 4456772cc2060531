import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { Json } from './calls';
import { sandboxWorld } from './sandboxWorld';

const GPT = 'openai/gpt-4o-mini';
const STRUCTURED = 'openai/gpt-5-structured';
const user = (content: unknown) => ({ role: 'user', content });
const textOf = ({ output }: Json) => [output].flat().join('');
const ajv = addFormats(new Ajv({ strict: false }));
const expectValid = (schema: object, value: unknown) => {
	ajv.validate(schema, value);
	expect(ajv.errors).toBeNull();
};

/** What they make up, when a prompt asks for a schema. */
describe('JSON of language models in the sandbox', () => {
	const world = sandboxWorld();

	/** As LangChain's structured output parser asks, with braces that are no JSON in between. */
	const asks = (schema: object) =>
		`You must format your output as a JSON value that adheres to a given "JSON Schema" instance.\nFor example, {{"properties": {{"foo": {{}}}}}}\nHere is the JSON Schema instance your output must adhere to:\n\`\`\`json\n${JSON.stringify(schema)}\n\`\`\`\n`;
	const answered = async (system: string, text: string) => {
		const messages = [{ role: 'system', content: system }, user(text)];
		const fenced = textOf(await world.calls.run(GPT, { messages }));
		return JSON.parse(/^```json\n([^]*)\n```$/.exec(fenced)![1]!) as unknown;
	};
	const object = (properties: object, required = Object.keys(properties)) => ({
		type: 'object',
		properties,
		required,
		additionalProperties: false,
	});

	it.each<[string, object, string, unknown]>([
		[
			'facts',
			object({
				name: { type: 'string' },
				age: { type: 'integer' },
				mail: { type: 'string', format: 'email' },
				born: { type: 'string', format: 'date' },
			}),
			'My name is Ada, I am 36. Mail ada@example.com, on 1815-12-10.',
			{ name: 'Ada', age: 36, mail: 'ada@example.com', born: '1815-12-10' },
		],
		[
			'a sentiment',
			object({
				sentiment: { type: 'string', enum: ['Positive', 'Neutral', 'Negative'] },
				strength: { type: 'number', minimum: 0, maximum: 1 },
			}),
			'This was negative: 3 of 10',
			{ sentiment: 'Negative', strength: 1 },
		],
		[
			'what is optional, where the text has it',
			object({ city: { type: 'string' }, note: { type: 'string' } }, []),
			'city: Rome',
			{ city: 'Rome' },
		],
		[
			'lists, unions, references and nested objects',
			{
				...object({
					output: object({
						tags: { type: 'array', items: { type: 'string', maxLength: 6 }, minItems: 3 },
						many: { type: 'array', items: { enum: ['red', 'blue', 'green'] } },
						none: { anyOf: [{ type: 'null' }, { type: ['boolean', 'null'] }] },
						same: { $ref: '#/$defs/level' },
						kind: { const: 'x' },
					}),
				}),
				$defs: { level: { type: 'integer', exclusiveMinimum: 5 } },
			},
			'blue, green',
			{
				output: {
					tags: ['blue', 'green', 'blue'],
					many: ['blue', 'green'],
					none: false,
					same: 6,
					kind: 'x',
				},
			},
		],
	])('has %s', async (_what, schema, text, expected) => {
		const value = await answered(asks(schema), text);
		expectValid(schema, value);
		expect(value).toEqual(expected);
	});

	it('has one category of several, or the fallback', async () => {
		const flag = (about: string) => ({
			type: 'boolean',
			description: `Should be true if the input has category "${about}" (description: ${about})`,
		});
		const schema = object({
			billing: flag('invoices'),
			shipping: flag('parcels'),
			fallback: { type: 'boolean', description: 'Should be true if none of the others apply' },
		});
		const system = `Please classify.\n${asks(schema)}\nCategories are mutually exclusive, and only one can be true`;
		expect(await answered(system, 'Where is my parcel? And the invoice?')).toEqual({
			billing: true,
			shipping: false,
			fallback: false,
		});
		expect(await answered(system, 'Good morning')).toMatchObject({ fallback: true });
	});

	it('is there also when all is in one prompt', async () => {
		const schema = object({ name: { type: 'string' } });
		const { output } = await world.calls.run('google/gemini-2.5-flash', {
			prompt: `The name is Ada.\n${asks(schema)}`,
		});
		expect((output as string[]).join('')).toContain('"name": "Ada"');
	});

	it('is in an output of its own', async () => {
		const schema = object({ age: { type: 'integer' }, is_late: { type: 'boolean' } });
		const json_schema = { format: { type: 'json_schema', name: 'facts', schema } };
		const { output } = await world.calls.run(STRUCTURED, { prompt: 'I am 36', json_schema });
		expectValid(schema, (output as Json).json_output);
		const simple_schema = ['title', 'count:int', 'tags:list'];
		const simple = await world.calls.run(STRUCTURED, { prompt: '7 dwarfs', simple_schema });
		expect((simple.output as Json).json_output).toMatchObject({
			title: expect.any(String),
			count: 7,
			tags: [expect.any(String)],
		});
	});
});
