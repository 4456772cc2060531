import type { Model } from '../../../nodes/shared/api/shapes';
import { describeInput, modelDetails } from '../../../nodes/shared/models/describe';
import type { ModelInput } from '../../../nodes/shared/schema/modelInputs';

const uri = { type: 'string', format: 'uri' };

function outputOf(Output: unknown): unknown {
	const schemas = { Output, File: uri } as never;
	const latest_version = { id: 'v', openapi_schema: { components: { schemas } } };
	return modelDetails({ owner: 'a', name: 'b', latest_version } as Model).output;
}

describe('what a model gives, in words', () => {
	it.each([
		[undefined, null],
		[{}, 'any'],
		[{ type: 'object' }, 'object'],
		[{ type: 'string' }, 'text'],
		[uri, 'file'],
		[{ $ref: '#/components/schemas/File' }, 'file'],
		[{ allOf: [uri], nullable: true }, 'file'],
		[{ anyOf: [uri, { type: 'null' }] }, 'file'],
		[{ type: 'array', items: uri }, 'list of files'],
		[{ type: 'array', items: { $ref: '#/components/schemas/File' } }, 'list of files'],
		[{ anyOf: [uri, { type: 'array', items: uri }] }, 'file or list of files'],
		[{ type: 'array', items: { type: 'string' } }, 'array'],
		[{ type: 'array', items: { type: 'string' }, 'x-cog-array-display': 'concatenate' }, 'text'],
	])('%j: %s', (schema, words) => {
		expect(outputOf(schema)).toBe(words);
	});
});

describe('a model of which little is known', () => {
	it('has a page, and says nothing that is not known', () => {
		expect(modelDetails({ owner: 'a', name: 'b' } as Model)).toEqual({
			model: 'a/b',
			description: '',
			official: false,
			runCount: 0,
			visibility: 'public',
			url: 'https://replicate.com/a/b',
			coverImageUrl: null,
			latestVersion: null,
			githubUrl: null,
			paperUrl: null,
			licenseUrl: null,
			createdAt: null,
			inputs: [],
			output: null,
			exampleInput: null,
		});
	});
});

describe('an input in words', () => {
	const input = (more: Partial<ModelInput>): ModelInput => ({
		name: 'x',
		title: 'X',
		kind: 'text',
		required: false,
		acceptsNull: false,
		deprecated: false,
		...more,
	});

	it.each<[Partial<ModelInput>, object]>([
		[{}, { type: 'text' }],
		[{ kind: 'fileList' }, { type: 'list of files' }],
		[{ kind: 'json' }, { type: 'any' }],
		[{ kind: 'json', types: ['string', 'number'] as never }, { type: 'string or number' }],
		[{ kind: 'list', items: { kind: 'integer' } as never }, { type: 'list of integer' }],
		[
			{ kind: 'list', items: { kind: 'choice', choices: ['a', 'b'] } as never },
			{ type: 'list of choice', choices: ['a', 'b'] },
		],
		[{ kind: 'secret', default: 'hidden' }, { type: 'secret' }],
		[
			{ deprecated: true, default: 'a' },
			{ type: 'text', deprecated: true, default: 'a' },
		],
	])('%j: %j', (more, described) => {
		expect(describeInput(input(more))).toEqual({ name: 'x', required: false, ...described });
	});
});
