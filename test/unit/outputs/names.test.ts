import {
	extensionOf,
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
			const { mimeType } = nameAndType({ contentType, stem: 'cat' });
			expect(mimeType).toBe('application/octet-stream');
		},
	);

	it.each([
		[{ name: 'out.png', contentType: 'image/png' }, 'cat.png', 'image/png'],
		[{ name: 'out.png', contentType: 'image/png; charset=binary' }, 'cat.png', 'image/png'],
		[{ name: 'out.mp4', contentType: 'application/octet-stream' }, 'cat.mp4', 'video/mp4'],
		[{ name: 'out', contentType: 'audio/mpeg' }, 'cat.mp3', 'audio/mpeg'],
		[{ contentType: 'image/webp' }, 'cat.webp', 'image/webp'],
		[{ name: 'out', contentType: ' Image/PNG ; q=1' }, 'cat.png', 'image/png'],
		[{ name: 'out', contentType: '<b>image/png' }, 'cat', 'application/octet-stream'],
		[{ name: 'a.b.', contentType: 'image/png' }, 'cat.png', 'image/png'],
		[{ sniffed: 'image/gif', contentType: 'binary/octet-stream' }, 'cat.gif', 'image/gif'],
		[{ name: 'a/../b.zip' }, 'cat.zip', 'application/zip'],
		[{}, 'cat', 'application/octet-stream'],
		[{ contentType: 'text/html\r\nx-evil: 1' }, 'cat', 'application/octet-stream'],
		[{ name: 'a.png', contentType: '<script>/x' }, 'cat.png', 'image/png'],
		// An extension that contradicts its type is corrected, one that says more than it stays.
		[{ name: 'out.png', contentType: 'image/webp' }, 'cat.webp', 'image/webp'],
		[{ name: 'out.mov', contentType: 'video/mp4' }, 'cat.mp4', 'video/mp4'],
		[{ name: 'out.jpeg', contentType: 'image/jpeg' }, 'cat.jpeg', 'image/jpeg'],
		[{ name: 'out.JPG', contentType: 'image/jpeg' }, 'cat.JPG', 'image/jpeg'],
		[{ name: 'out.m4a', contentType: 'video/mp4' }, 'cat.m4a', 'video/mp4'],
		[{ name: 'out.webm', contentType: 'audio/webm' }, 'cat.webm', 'audio/webm'],
		[{ name: 'out.srt', contentType: 'text/plain' }, 'cat.srt', 'text/plain'],
		[{ name: 'out.obj', contentType: 'text/plain' }, 'cat.obj', 'text/plain'],
		[
			{ name: 'lora.safetensors', contentType: 'binary/octet-stream' },
			'cat.safetensors',
			'binary/octet-stream',
		],
	])('%j', (hints, fileName, mimeType) => {
		expect(nameAndType({ stem: 'cat', ...hints })).toEqual({ fileName, mimeType });
	});
});

describe('extensionOf', () => {
	it.each([
		['cat.png', '.png'],
		['archive.tar.gz', '.gz'],
		['clip.3gp', '.3gp'],
		['voice.2', ''],
		['voice.v2', ''],
		['.png', ''],
		['cat.', ''],
		['Mr. Smith', ''],
		['cat', ''],
	])('%s: %j', (name, extension) => expect(extensionOf(name)).toBe(extension));
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
