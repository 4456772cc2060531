import {
	chosenName,
	fieldNames,
	isVague,
	nameAndType,
	nameInUrl,
} from '../../../nodes/shared/outputs/names';

describe('fieldNames', () => {
	it.each([
		[
			[undefined, undefined, undefined],
			['data', 'data_1', 'data_2'],
		],
		[
			['image', 'mask'],
			['data', 'mask'],
		],
		[
			['preview', 'frames', 'frames'],
			['data', 'frames', 'frames_1'],
		],
		[
			['frames', 'frames', undefined],
			['data', 'frames_1', 'data_1'],
		],
		[
			['data', undefined],
			['data', 'data_1'],
		],
		[
			['image', 'data', 'image'],
			['data', 'data_1', 'image_1'],
		],
		[
			['x', 'a_1', 'a', 'a'],
			['data', 'a_1', 'a', 'a_2'],
		],
		[
			['x', 'my key.png', '__proto__', 'constructor', 'toString'],
			['data', 'my_key_png', 'data_1', 'data_2', 'data_3'],
		],
		[['prototype'], ['data']],
		[
			['x', 'ä'.repeat(70)],
			['data', 'ä'.repeat(64)],
		],
	])('%j → %j', (keys, names) => {
		expect(fieldNames(keys, 'data')).toEqual(names);
	});

	it('takes no name that stands for something else on objects', () => {
		expect(fieldNames([undefined, 'a'], '__proto__')).toEqual(['data', 'a']);
	});
});

describe('nameAndType', () => {
	it.each(['text/html\r\nx-evil: 1', '<b>image/png', 'image', 'a/b/c'])(
		'takes no type that would break a header: %j',
		(contentType) => {
			const { mimeType } = nameAndType({ contentType, fallback: 'data' });
			expect(mimeType).toBe('application/octet-stream');
		},
	);

	it.each([
		[{ name: 'out.png', contentType: 'image/png' }, 'out.png', 'image/png'],
		[{ name: 'out.png', contentType: 'image/png; charset=binary' }, 'out.png', 'image/png'],
		[{ name: 'out.mp4', contentType: 'application/octet-stream' }, 'out.mp4', 'video/mp4'],
		[{ name: 'out', contentType: 'audio/mpeg' }, 'out.mp3', 'audio/mpeg'],
		[{ contentType: 'image/webp' }, 'data.webp', 'image/webp'],
		[{ name: 'out.png', contentType: 'image/webp' }, 'out.png', 'image/webp'],
		[{ name: 'out', contentType: ' Image/PNG ; q=1' }, 'out.png', 'image/png'],
		[{ name: 'out', contentType: '<b>image/png' }, 'out', 'application/octet-stream'],
		[{ name: 'a.b.', contentType: 'image/png' }, 'a.b..png', 'image/png'],
		[{ sniffed: 'image/gif', contentType: 'binary/octet-stream' }, 'data.gif', 'image/gif'],
		[{ name: 'a/../b.zip' }, 'b.zip', 'application/zip'],
		[{}, 'data', 'application/octet-stream'],
		[{ contentType: 'text/html\r\nx-evil: 1' }, 'data', 'application/octet-stream'],
		[{ name: 'a.png', contentType: '<script>/x' }, 'a.png', 'image/png'],
	])('%j', (hints, fileName, mimeType) => {
		expect(nameAndType({ fallback: 'data', ...hints })).toEqual({ fileName, mimeType });
	});
});

describe('isVague', () => {
	it.each([
		[undefined, true],
		['', true],
		['no type', true],
		['application/octet-stream', true],
		['Binary/Octet-Stream; charset=x', true],
		['image/png', false],
	])('%j: %s', (contentType, vague) => expect(isVague(contentType)).toBe(vague));
});

describe('nameInUrl', () => {
	it.each([
		['https://replicate.delivery/x/out%20put.png?x=1', 'out put.png'],
		['https://replicate.delivery/', undefined],
		['https://replicate.delivery/a/%E0%A4%A', '%E0%A4%A'],
	])('%s', (url, name) => {
		expect(nameInUrl(new URL(url))).toBe(name);
	});
});

describe('a name that the builder chose', () => {
	it.each([
		['cat.jpg', 0, 'out.png', 'cat.png'],
		['cat.jpg', 2, 'out.png', 'cat_2.png'],
		['cat', 0, 'out', 'cat.png'],
		['v1.2 of cat', 0, 'out.png', 'v1.2 of cat.png'],
		['../../cat.jpg', 0, 'out.png', 'cat.png'],
		['.jpg', 0, 'out.png', '.jpg.png'],
	])('%s, file %i, of a model that says %s: %s', (wanted, index, name, fileName) => {
		const chosen = chosenName(wanted, index);
		const hints = { name, contentType: 'image/png', fallback: 'data', chosen };
		expect(nameAndType(hints)).toEqual({ fileName, mimeType: 'image/png' });
	});
});
