import { parseModelReference } from '../../../nodes/shared/models/modelReference';
import { wordsThrownBy } from '../errorWords';

const version = '5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa';

describe('parseModelReference', () => {
	it.each([
		['stability-ai/sdxl', { kind: 'model', owner: 'stability-ai', name: 'sdxl' }],
		[
			' black-forest-labs/flux-1.1-pro ',
			{ kind: 'model', owner: 'black-forest-labs', name: 'flux-1.1-pro' },
		],
		['a/b:latest', { kind: 'model', owner: 'a', name: 'b' }],
		[`a/b:${version}`, { kind: 'version', owner: 'a', name: 'b', version }],
		[version, { kind: 'version', version }],
		['https://replicate.com/a/b', { kind: 'model', owner: 'a', name: 'b' }],
		['replicate.com/a/b', { kind: 'model', owner: 'a', name: 'b' }],
		['https://replicate.com/a/b/', { kind: 'model', owner: 'a', name: 'b' }],
		['https://replicate.com/a/b?prediction=x#top', { kind: 'model', owner: 'a', name: 'b' }],
		['https://replicate.com/a/b/readme', { kind: 'model', owner: 'a', name: 'b' }],
		[
			`https://replicate.com/a/b/versions/${version}`,
			{ kind: 'version', owner: 'a', name: 'b', version },
		],
		['https://api.replicate.com/v1/models/a/b', { kind: 'model', owner: 'a', name: 'b' }],
		['HTTP://www.replicate.com/a/b', { kind: 'model', owner: 'a', name: 'b' }],
		[`https://replicate.com/a/b/examples/${version}`, { kind: 'model', owner: 'a', name: 'b' }],
	])('%s', (text, reference) => {
		expect(parseModelReference(text)).toEqual(reference);
	});

	it.each([
		['', 'No model was chosen', /^Write owner\/name \(for example/],
		['  ', 'No model was chosen', /^Write owner\/name/],
		[' sdxl', '" sdxl" is not a Replicate model', /^Write owner\/name/],
		['a/b:123', '"123" is not a version of a/b', /^A version ID has 64 hexadecimal digits\./],
	])('says what is wrong with "%s": %s', (text, message, advice) => {
		expect(wordsThrownBy(() => parseModelReference(text))).toEqual({
			message,
			description: expect.stringMatching(advice) as string,
		});
	});

	it.each([
		'see https://replicate.com/a/b',
		'',
		'sdxl',
		'a/b/c',
		'a/../b',
		'../b',
		'https://example.com/a/b',
		'https://replicate.com/a',
		'a/b:123',
	])('refuses "%s"', (text) => {
		expect(() => parseModelReference(text)).toThrow();
	});
});
