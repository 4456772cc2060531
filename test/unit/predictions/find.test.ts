import { InlinedFile, type SentObject } from '../../../nodes/shared/api/jsonBody';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import { DEPLOYMENT_PREDICTION, PREDICTION } from '../../../nodes/shared/models/jobKind';
import { inputDigest, listable, mayBe, showsAllOf } from '../../../nodes/shared/predictions/find';

const target = { kind: PREDICTION, version: 'a/b' };
const listed = (input?: object, more: Partial<Prediction> = {}) =>
	({ id: 'x', status: 'starting', model: 'a/b', input, ...more }) as Prediction;
const FILE = 'data:image/png;base64,AAAA';
const INLINED = new InlinedFile('image/png', 'AAAA');

describe('what the list shows', () => {
	it.each<[boolean, object | undefined, SentObject]>([
		[true, { a: 1 }, { a: 1 }],
		[true, { a: 1, b: 2 }, { a: 1 }],
		[false, { a: 2 }, { a: 1 }],
		[false, { b: 1 }, { a: 1 }],
		[true, { a: { b: [1] } }, { a: { b: [1] } }],
		[true, { a: 1 }, { a: 1, f: FILE }],
		[true, { a: 1 }, { a: 1, f: [FILE] }],
		[true, { a: 1 }, { a: 1, f: { deep: FILE } }],
		[true, { a: 1 }, { a: 1, f: INLINED }],
		[true, { a: 1 }, { a: 1, f: ['https://a.b/c', INLINED] }],
		[false, { a: 1 }, { a: 1, f: null }],
		[true, {}, { a: 1 }],
		[true, undefined, { a: 1 }],
	])('may be a create, %s: %j of %j', (isIt, shown, sent) => {
		expect(mayBe(listed(shown), target, sent)).toBe(isIt);
	});

	it('is not a create of another model, nor a deployment’s of a plain one', () => {
		expect(mayBe(listed({ a: 1 }, { model: 'a/c' }), target, { a: 1 })).toBe(false);
		const deployed = listed({ a: 1 }, { deployment: 'a/d' });
		expect(mayBe(deployed, target, { a: 1 })).toBe(false);
		const asked = { ...target, kind: DEPLOYMENT_PREDICTION, deployment: 'a/d' };
		expect(mayBe(deployed, asked, { a: 1 })).toBe(true);
		expect(mayBe(deployed, { ...asked, deployment: 'a/e' }, { a: 1 })).toBe(false);
		expect(mayBe(listed({ a: 1 }), asked, { a: 1 })).toBe(true);
	});

	it.each<[boolean, object | undefined, SentObject]>([
		[true, { a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }],
		[false, { a: 1, b: 2 }, { a: 1 }],
		[false, { a: 1 }, { a: 1, f: FILE }],
		[false, { a: 1, f: FILE }, { a: 1, f: INLINED }],
		[false, { a: 1, f: [FILE] }, { a: 1, f: [INLINED] }],
		[false, {}, {}],
		[false, undefined, { a: 1 }],
	])('is all of an input, %s: %j of %j', (isIt, shown, sent) => {
		expect(showsAllOf(listed(shown), sent)).toBe(isIt);
	});

	it('has no files, and perhaps no empty values', () => {
		const sent = { a: 1, b: null, f: FILE, g: [FILE], h: { i: FILE }, d: 'x data:', k: [INLINED] };
		expect(listable(sent)).toEqual({ a: 1, d: 'x data:' });
	});
});

describe('the digest of an input', () => {
	it('does not depend on the order of keys', () => {
		const one = inputDigest({ a: 1, b: { c: [1, 2], d: null } });
		expect(one).toMatch(/^[0-9a-f]{64}$/);
		expect(inputDigest({ b: { d: null, c: [1, 2] }, a: 1 })).toBe(one);
	});

	it.each<SentObject>([
		{ a: 1, b: { c: [2, 1], d: null } },
		{ a: '1', b: { c: [1, 2], d: null } },
		{ a: 1, b: { c: [1, 2] } },
		{ a: 1, b: { c: [1, 2], d: null }, e: 1 },
		{ a: 1, b: { c: { 0: 1, 1: 2 }, d: null } },
		{ a: 1, b: { c: [[1], 2], d: null } },
	])('differs for %j', (other) => {
		expect(inputDigest(other)).not.toBe(inputDigest({ a: 1, b: { c: [1, 2], d: null } }));
	});

	it('is there only for what the list can show', () => {
		expect(inputDigest({})).toBeUndefined();
		expect(inputDigest({ a: FILE })).toBeUndefined();
		expect(inputDigest({ a: 1, b: [INLINED] })).toBeUndefined();
		expect(inputDigest({ a: 1, b: { c: [FILE] } })).toBeUndefined();
	});
});
