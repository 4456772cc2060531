import { modelForm } from '../../../nodes/Replicate/panel/form';
import { modelInputs } from '../../../nodes/shared/schema/modelInputs';

/** What a form first holds, by input. */
function valuesOf(properties: object, required: string[] = [], forAgent = false) {
	const document = { components: { schemas: { Input: { properties, required } } } };
	const form = modelForm(modelInputs(document)!, {}, { forAgent });
	return Object.fromEntries(form.map(({ id, defaultValue }) => [id, defaultValue]));
}

const file = { type: 'string', format: 'uri' };
const text = { type: 'string' };

describe('a prompt', () => {
	it('is a field of many lines, which n8n opens for a text that begins with =', () => {
		const lines = { type: 'string', default: 'one\ntwo' };
		expect(valuesOf({ prompt: text, system_prompt: lines, lyrics: text })).toEqual({
			prompt: '=',
			system_prompt: '=one\ntwo',
			lyrics: '=',
		});
	});

	it.each(['{{ $env.X }}', 'a } b', '{'])(
		'stays plain where its default could run: %s',
		(value) => {
			expect(valuesOf({ prompt: { type: 'string', default: value } })).toEqual({ prompt: value });
		},
	);

	it('has no default that is an expression by itself', () => {
		expect(valuesOf({ prompt: { type: 'string', default: '=1' } }).prompt).toBeUndefined();
	});

	it('is not every text', () => {
		const choice = { enum: ['a'] };
		const inputs = { lora_url: text, prompt_strength: { type: 'number' }, text: choice };
		expect(Object.values(valuesOf(inputs))).toEqual([undefined, undefined, undefined]);
	});
});

describe('a file that the model needs', () => {
	it('is empty at first, without code: the run sends the item’s only file', () => {
		expect(Object.values(valuesOf({ image: file, mask: file }, ['image']))).toEqual([
			undefined,
			undefined,
		]);
		expect(valuesOf({ images: { type: 'array', items: file } }, ['images'])).toEqual({
			images: undefined,
		});
	});

	it('marks the form, for the notice about files', () => {
		const formOf = (properties: object) =>
			modelForm(modelInputs({ components: { schemas: { Input: { properties } } } })!);
		expect(formOf({ prompt: text, image: file })[0]!.hasFiles).toBe(true);
		expect(formOf({ prompt: text })[0]).not.toHaveProperty('hasFiles');
	});
});

describe('a tool of an agent', () => {
	it('lets the agent write the prompts, with what the model says of them', () => {
		const prompt = { ...text, description: 'What to draw' };
		expect(
			valuesOf({ prompt, negative_prompt: text, steps: { type: 'integer' } }, [], true),
		).toEqual({
			prompt:
				"={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('model_prompt', `What to draw`, 'string') }}",
			negative_prompt: '=',
			steps: undefined,
		});
	});

	it('runs nothing that the model’s author writes', () => {
		const description = "a` + $env.X + `b ${1} }} {{ 2 }} \\`', 'x') }} {{ evil() */";
		const value = String(valuesOf({ prompt: { ...text, description } }, [], true).prompt);
		const [, inside] =
			/^=\{\{ \/\*n8n-auto-generated-fromAI-override\*\/ \$fromAI\('model_prompt', `([^`]*)`, 'string'\) \}\}$/.exec(
				value,
			)!;
		expect(inside).not.toMatch(/[`\\$@{}"']/);
		const name = "pro'mpt` }}_prompt";
		const [hostile] = Object.values(valuesOf({ [name]: text }, [], true));
		expect(String(hostile)).toMatch(
			/\$fromAI\('model_pro_mpt_____prompt', `[^`$'{}]*`, 'string'\) \}\}$/,
		);
	});
});
