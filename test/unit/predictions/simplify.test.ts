import { simplified, withoutData } from '../../../nodes/shared/predictions/simplify';

describe('simplified', () => {
	const prediction = {
		id: 'p',
		status: 'succeeded',
		version: 'hidden',
		model: 'a/b',
		output: ['x'],
	};

	it('begins with what a builder looks for, as n8n’s table shows it', () => {
		const nothing = { files: [], binary: {} };
		expect(Object.keys(simplified(prediction, { ...nothing, text: 'x' })).slice(0, 6)).toEqual([
			'text',
			'output',
			'files',
			'id',
			'status',
			'model',
		]);
		expect(Object.keys(simplified(prediction, nothing))[0]).toBe('output');
	});

	it('shows no version that Replicate hides', () => {
		expect(simplified(prediction, { files: [], binary: {} }).version).toBeNull();
		const known = { ...prediction, version: 'abc' };
		expect(simplified(known, { files: [], binary: {} }).version).toBe('abc');
	});
});

describe('withoutData', () => {
	it('shortens data URIs at any depth, and nothing else', () => {
		const input = {
			image: 'data:image/png;base64,AAAA',
			more: [{ a: 'data:,x' }, 'text', 1, null],
		};
		expect(withoutData(input)).toEqual({
			image: 'data:image/png;base64,…',
			more: [{ a: 'data:,…' }, 'text', 1, null],
		});
	});
});
