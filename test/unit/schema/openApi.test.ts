import { fileKind } from '../../../nodes/shared/schema/openApi';

const document = {
	components: {
		schemas: {
			Picture: { type: 'string', format: 'uri' },
			Loop: { $ref: '#/components/schemas/Loop' },
		},
	},
};
const uri = { type: 'string', format: 'uri' };

describe('fileKind', () => {
	it.each([
		['a uri', uri, 'file'],
		[
			'a referenced uri',
			{ allOf: [{ $ref: '#/components/schemas/Picture' }], description: 'x' },
			'file',
		],
		['a uri or null', { anyOf: [uri, { type: 'null' }] }, 'file'],
		['a list of uris', { type: 'array', items: uri }, 'fileList'],
		['a list or one', { anyOf: [uri, { type: 'array', items: uri }] }, 'either'],
		['a text', { type: 'string' }, undefined],
		['a list of texts', { type: 'array', items: { type: 'string' } }, undefined],
		['a number', { type: 'integer' }, undefined],
		['a loop', { $ref: '#/components/schemas/Loop' }, undefined],
		['nonsense', { allOf: 5, anyOf: 'x', items: [] }, undefined],
	])('%s', (_name, node, kind) => {
		expect(fileKind(document, node)).toBe(kind);
	});
});
