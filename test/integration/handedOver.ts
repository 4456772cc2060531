/*
 * What builders hand over, and what becomes of it. A file that reaches the API is written as <its binary
 * field>; everything else as it is sent. A refusal is written with a "✗" and words of its error.
 */

/** Ways into the node. */
export type Way = 'form' | 'json' | 'files';

/** One row: what was handed over, for which input, and what reaches the API or the refusal's words. */
export type Row = [what: string, value: unknown, becomes: unknown];

/** The binary fields that every item has: each holds its own name as its bytes. */
export const FIELDS: Array<[name: string, fileName: string]> = [
	['data', 'photo.png'],
	['data_1', 'second.png'],
	['front, back.jpg', 'both.jpg'],
	['upload0', 'cat photo.png'],
];

const A = 'https://cdn.example.com/a.png';
const B = 'https://cdn.example.com/b.png';
const COMMA = 'https://cdn.example.com/w_400,h_300/x.jpg';
const ZIP = 'https://cdn.example.com/a.zip';
const BYTES = Buffer.from(
	'some bytes of a picture, enough for three lines of base64, or four, it may be',
);
const BASE64 = BYTES.toString('base64');
const URI = `data:image/png;base64,${BASE64}`;
const PNG = `iVBORw0KGgo${'AAAANSUhEUg'.repeat(8)}`;
const wrapped = (text: string, width = 76) => text.replace(new RegExp(`.{${width}}`, 'g'), '$&\n');
const listing = (more: object) => ({ fileName: 'photo.png', mimeType: 'image/png', ...more });

/** For an input that takes one file. */
export const ONE_FILE: Row[] = [
	['the name of a binary field', 'data', '<data>'],
	['a name with blanks or a line break around it', ' data ', '<data>'],
	['the same, as many nodes end a text', 'data\n', '<data>'],
	['the same, from Windows', 'data\r\n', '<data>'],
	['a name in quotes, as JSON writes it', '"data"', '<data>'],
	['a name that has a comma', 'front, back.jpg', '<front, back.jpg>'],
	['the name of the file itself', 'cat photo.png', '<upload0>'],
	['a URL', A, A],
	['a URL with a comma', COMMA, COMMA],
	['a URL with blanks before it', `  ${A}`, A],
	['a URL with a line break behind it', `${A}\n`, A],
	['a URL in quotes', JSON.stringify(A), A],
	['a URL that was copied with a mark of no width', `\u200b${A}\u200e`, A],
	['a URL with a no-break blank and a byte order mark', `\ufeff\u00a0${A}`, A],
	['a URL between backticks', `\`\`\`\n${A}\n\`\`\``, A],
	['a list of one as an object', { 0: A }, A],
	[
		'a URL whose file name has blanks',
		'https://cdn.example.com/my photo.png',
		'https://cdn.example.com/my%20photo.png',
	],
	['an address of S3', 's3://bucket/a.png', 's3://bucket/a.png'],
	['an address of Google Cloud Storage', 'gs://bucket/a.png', 'gs://bucket/a.png'],
	['a data URI', URI, URI],
	['a data URI that is wrapped at 76 characters', wrapped(URI), URI],
	['a data URI that is wrapped at 64 characters', wrapped(URI, 64), URI],
	['a data URI in base64url without padding', URI.replace(/=+$/, ''), URI],
	['a data URI with capitals', URI.replace('data:', 'DATA:').replace('base64', 'BASE64'), URI],
	['a data URI with a blank in its head', URI.replace(';base64,', '; base64, '), URI],
	['a data URI of text', 'data:text/plain,hello', 'data:text/plain,hello'],
	['a list of one name', ['data'], '<data>'],
	['a list of one URL', [A], A],
	['a list of one, as JSON text', JSON.stringify([A]), A],
	['a list in a list', [['data']], '<data>'],
	[
		'a file of n8n’s chat',
		{ fileName: 'a.png', mimeType: 'image/png', fileSize: '1 kB', binaryKey: 'data_1' },
		'<data_1>',
	],
	['an entry of this node’s own files', listing({ field: 'data', bytes: 4, url: A }), A],
	[
		'an entry whose URL was a data URI',
		listing({ field: 'data_1', bytes: 4, url: 'data:image/png;base64,…' }),
		'<data_1>',
	],
	['an entry as JSON text', JSON.stringify(listing({ field: 'data', url: A })), A],
	['an object with a URL', { url: A }, A],
	['an object around a name', { data: 'data' }, '<data>'],
	['an item around a name', { json: 'data' }, '<data>'],
	['n8n’s binary data, with its bytes', listing({ data: BASE64 }), URI],
	['an item with its binary data', { binary: { x: listing({ data: BASE64 }) } }, URI],
	['binary data whose bytes are a data URI', listing({ data: URI }), URI],
	['binary data whose base64 is wrapped', listing({ data: wrapped(BASE64) }), URI],
	['the whole of $binary with one file', { photo: listing({ data: BASE64 }) }, URI],
	['a buffer as JSON writes it', { type: 'Buffer', data: [...BYTES], mimeType: 'image/png' }, URI],
	['nothing', '', undefined],
	['blanks', '  \n ', undefined],
	['null', null, undefined],
	['an empty list', [], undefined],

	['a field that is not there', 'photo', '✗ has no binary field "photo"'],
	['two names', 'data, data_1', '✗ takes one file, and 2 were given'],
	['two URLs on two lines', `${A}\n${B}`, '✗ takes one file, and 2 were given'],
	['a list of two', ['data', A], '✗ takes one file, and 2 were given'],
	['two URLs with a semicolon', `${A}; ${B}`, '✗ takes one file, and 2 were given'],
	['two URLs with a blank', `${A} ${B}`, '✗ has no binary field'],
	['a URL in angle brackets', `<${A}>`, '✗ has no binary field'],
	['a link of Markdown', `[a photo](${A})`, '✗ has no binary field'],
	['a page instead of a picture', '<html><body>404</body></html>', '✗ has no binary field'],
	['what is left of an object in a text', '[object Object]', '✗ has no binary field'],
	['a file name with percent signs', 'cat%20photo.png', '✗ has no binary field'],
	['a number', 5, '✗ has no binary field "5"'],
	['true', true, '✗ has no binary field "true"'],
	['an empty object', {}, '✗ has no binary field "{}"'],
	['a list with null in it', ['data', null], '✗ has no binary field "null"'],
	['base64 without its head', PNG, '✗ write data:image/png;base64,'],
	[
		'a data URI with broken base64',
		'data:image/png;base64,not base64!',
		'✗ has a data URI whose base64 is broken',
	],
	[
		'binary data with a text for bytes',
		listing({ data: 'this is not base64' }),
		'✗ The data of the file "photo.png" is not base64',
	],
	['binary data without bytes', listing({ fileSize: '1 kB' }), '✗ was passed without its bytes'],
	[
		'a chat’s file that is not there',
		listing({ binaryKey: 'data7' }),
		'✗ has no binary field "data7"',
	],
	[
		'an address on a disk',
		'file:///home/node/a.png',
		'✗ starts with file:, which Replicate cannot fetch',
	],
	['a path of Windows', 'C:\\photos\\a.png', '✗ It looks like a path'],
	['a path of Linux', '/home/node/a.png', '✗ It looks like a path'],
	['a path from here', './photos/a.png', '✗ It looks like a path'],
	[
		'an address of a browser',
		'blob:https://app.example.com/1b2c',
		'✗ starts with blob:, which Replicate cannot fetch',
	],
	[
		'an address of another app',
		'minio://bucket/a.png',
		'✗ starts with minio:, which Replicate cannot fetch',
	],
	['a caption', 'Photo: the front', '✗ has no binary field "Photo: the front"'],
	[
		'a caption that begins as data does',
		'data: 12 cats, 3 dogs',
		'✗ has no binary field "data: 12 cats, 3 dogs"',
	],
	['a URL and a sentence', `${A} is the photo`, '✗ has no binary field'],
	['a URL without https://', 'cdn.example.com/a.png', '✗ write https:// before it'],
	[
		'an address in the office',
		'http://192.168.1.20/a.png',
		'✗ http://192.168.1.20, which Replicate cannot reach',
	],
	[
		'an address beside n8n',
		'http://minio:9000/bucket/a.png',
		'✗ http://minio:9000, which Replicate cannot reach',
	],
	[
		'an address in a company',
		'https://files.corp.internal/a.png',
		'✗ which Replicate cannot reach',
	],
	['an expression that was not evaluated', '{{ $json.photo }}', '✗ It looks like an expression'],
];

/** For an input that takes a list of files. */
export const FILE_LIST: Row[] = [
	['one name', 'data', ['<data>']],
	['names with commas', 'data,data_1', ['<data>', '<data_1>']],
	['names with commas and blanks', ' data , data_1 ,, ', ['<data>', '<data_1>']],
	['names on lines', 'data\ndata_1\n', ['<data>', '<data_1>']],
	['a name that has a comma', 'front, back.jpg', ['<front, back.jpg>']],
	['a list of names', ['data', 'data_1'], ['<data>', '<data_1>']],
	['a list of names with blanks', [' data ', 'data_1\n'], ['<data>', '<data_1>']],
	['a list of names, as JSON text', '["data", "data_1"]', ['<data>', '<data_1>']],
	['a list of names as JSON text in a list', ['["data", "data_1"]'], ['<data>', '<data_1>']],
	['a list in a list', [['data', 'data_1']], ['<data>', '<data_1>']],
	['a URL', A, [A]],
	['a URL with a comma', COMMA, [COMMA]],
	['URLs with commas', `${A},${B}`, [A, B]],
	['URLs with commas and blanks', `${A}, ${B}`, [A, B]],
	['URLs on lines', `${A}\n${B}\n`, [A, B]],
	['URLs on lines, from Windows', `${A}\r\n${B}`, [A, B]],
	['URLs with commas and line breaks', `${A},\n${B},\n`, [A, B]],
	['URLs with semicolons', `${A}; ${B}`, [A, B]],
	['URLs between backticks', `\`\`\`json\n${JSON.stringify([A, B])}\n\`\`\``, [A, B]],
	['a list as an object', { 0: A, 1: 'data' }, [A, '<data>']],
	['URLs, one of which has a comma', `${COMMA},${B}`, [COMMA, B]],
	['URLs that end in one with commas', `${A},${COMMA}`, [A, COMMA]],
	['URLs, as JSON text', JSON.stringify([A, B]), [A, B]],
	['URLs, as JSON text with line breaks', JSON.stringify([A, B], null, 2), [A, B]],
	['a list of URLs', [A, B], [A, B]],
	['a list of URLs with line breaks', [`${A}\n`, ` ${B}`], [A, B]],
	['a name and a URL', `data, ${A}`, ['<data>', A]],
	['a name and a URL with a comma', `data, ${COMMA}`, ['<data>', COMMA]],
	['a URL and a name', `${A},data`, [A, '<data>']],
	['a name and a data URI', `data, ${URI}`, ['<data>', URI]],
	['a data URI and a name', `${URI},data`, [URI, '<data>']],
	['two data URIs', `${URI},${URI}`, [URI, URI]],
	['data URIs on lines, each wrapped', `${wrapped(URI)}\n${wrapped(URI)}`, [URI, URI]],
	['a list of objects with URLs', [{ url: A }, { url: B }], [A, B]],
	[
		'this node’s own files',
		[listing({ field: 'data', url: A }), listing({ field: 'data_1', url: B })],
		[A, B],
	],
	[
		'the files of n8n’s chat',
		[listing({ binaryKey: 'data' }), listing({ binaryKey: 'data_1' })],
		['<data>', '<data_1>'],
	],
	['n8n’s items around names', [{ json: 'data' }, { json: 'data_1' }], ['<data>', '<data_1>']],
	[
		'the whole of $binary',
		{ x: listing({ data: BASE64 }), y: listing({ data: BASE64 }) },
		[URI, URI],
	],
	['one object with a URL', { url: A }, [A]],

	['a name that is not there among others', 'data, photo', '✗ has no binary field "photo"'],
	['a list with one that is not there', ['data', 'photo'], '✗ has no binary field "photo"'],
	['a list with an empty text', [A, ''], '✗ has no binary field ""'],
	['a list of Markdown', `- ${A}\n- ${B}`, '✗ has no binary field'],
	['a list with a number', ['data', 5], '✗ has no binary field "5"'],
	[
		'a URL on a private network among others',
		`${A}, http://10.0.0.7/b.png`,
		'✗ http://10.0.0.7, which Replicate cannot reach',
	],
	['a path among URLs', `${A}\nC:\\photos\\a.png`, '✗ It looks like a path'],
	['a sentence', 'Photo: the front, and the back', '✗ has no binary field "Photo: the front"'],
];

/** For an input that takes a file or a list of them. */
export const EITHER: Row[] = [
	['one name', 'data', '<data>'],
	['names with commas', 'data, data_1', ['<data>', '<data_1>']],
	['URLs with commas', `${A},${B}`, [A, B]],
	['a URL with a comma', COMMA, COMMA],
	['a list as JSON text', JSON.stringify([A, B]), [A, B]],
	['a name with a line break', 'data\n', '<data>'],
	['a name that has a comma', 'front, back.jpg', '<front, back.jpg>'],
	['a path', '/tmp/a.png', '✗ It looks like a path'],
];

/** For inputs that are not files: the input's name comes first. */
export const VALUES: Array<[input: string, ...Row]> = [
	['seed', 'a number', 7, 7],
	['seed', 'a number as text', '7', 7],
	['seed', 'a number with a line break', ' 7\n', 7],
	['seed', 'a number as JSON text in quotes', '"7"', 7],
	['seed', 'a list of one number', [7], 7],
	['seed', 'an object around a number', { value: 7 }, 7],
	['seed', 'an item around a number', { json: 7 }, 7],
	['seed', 'a number with a mark of no width', '\u200b7\ufeff', 7],
	['seed', 'a number with a separator of thousands', '1,000', '✗ must be a whole number'],
	['seed', 'a number with its unit', '512px', '✗ must be a whole number, and is "512px"'],
	['seed', 'undefined as text', 'undefined', '✗ must be a whole number, and is "undefined"'],
	['seed', 'true', true, '✗ must be a whole number, and is true'],
	['seed', 'a date', new Date(0), '✗ must be a whole number'],
	['seed', 'more digits than JavaScript has', '12345678901234567890', 12345678901234567890n],
	['seed', 'nothing', '', undefined],
	['seed', 'blanks', ' \n', undefined],
	['seed', 'a word', 'many', '✗ must be a whole number, and is "many"'],
	['seed', 'two numbers', [7, 8], '✗ must be a whole number, and is [7,8]'],
	['seed', 'a number that is too small', -1, '✗ must be at least 0, and is -1'],
	['seed', 'an empty list', [], '✗ must be a whole number, and is []'],
	['style', 'a choice', 'photo', 'photo'],
	['style', 'a choice with blanks', ' photo\n', 'photo'],
	['style', 'a choice in quotes', '"photo"', 'photo'],
	['style', 'a choice with a mark of no width', 'photo\u200b', 'photo'],
	['style', 'a choice with a capital', 'Photo', '✗ Did you mean "photo"?'],
	['style', 'a choice in other quotes', '“photo”', '✗ Did you mean "photo"?'],
	['style', 'a list of one choice', ['photo'], 'photo'],
	['style', 'a choice in a list, as text', '["photo"]', 'photo'],
	[
		'style',
		'a choice that is not there',
		'painting',
		'✗ must be one of photo, drawing, and is "painting"',
	],
	['tags', 'a list of texts', ['a', 'b'], ['a', 'b']],
	['tags', 'a list of texts, as JSON text', '["a", "b"]', ['a', 'b']],
	['tags', 'a list in a list', [['a', 'b']], ['a', 'b']],
	['tags', 'an object around a list', { data: ['a', 'b'] }, ['a', 'b']],
	['tags', 'one text', 'a', ['a']],
	['tags', 'a list of texts between backticks', '```json\n["a","b"]\n```', ['a', 'b']],
	['tags', 'a list as an object', { 0: 'a', 1: 'b' }, ['a', 'b']],
	['tags', 'a text with commas', 'a, b', ['a, b']],
	['tags', 'a list in single quotes', "['a', 'b']", '✗ must be a list'],
	['tags', 'a list in curly quotes', '[“a”, “b”]', '✗ must be a list'],
	['tags', 'a list that was cut', '["a", "b', '✗ must be a list, and is'],
	['tags', 'a list with nothing in it', ['a', null], '✗ element 2, must be text, and is null'],
	['tags', 'too many texts', ['a', 'b', 'c', 'd'], '✗ must have at most 3 elements, and has 4'],
	['camera', 'an object', { zoom: 2 }, { zoom: 2 }],
	['camera', 'an object as JSON text', '{"zoom": 2}', { zoom: 2 }],
	['camera', 'an object with a number as text', { zoom: '2' }, { zoom: 2 }],
	['camera', 'a list of one object', [{ zoom: 2 }], { zoom: 2 }],
	['camera', 'an item around an object', { json: { zoom: 2 } }, { zoom: 2 }],
	['camera', 'an object in text in text', JSON.stringify('{"zoom": 2}'), { zoom: 2 }],
	[
		'camera',
		'an object with a number that is too large',
		{ zoom: 9 },
		'✗ "zoom", must be from 1 to 4, and is 9',
	],
	['camera', 'an object between backticks', '```json\n{"zoom": 2}\n```', { zoom: 2 }],
	['camera', 'an object with a byte order mark', '\ufeff{"zoom": 2}', { zoom: 2 }],
	['camera', 'n8n’s only item', [{ json: { zoom: 2 } }], { zoom: 2 }],
	['camera', 'an object in curly quotes', '{“zoom”: 2}', '✗ must be a JSON object'],
	['camera', 'an object with a comma too many', '{"zoom": 2,}', '✗ must be a JSON object'],
	['camera', 'a text', 'near', '✗ must be a JSON object, and is "near"'],
	[
		'messages',
		'a list of objects',
		[{ role: 'user', content: 'hi' }],
		[{ role: 'user', content: 'hi' }],
	],
	['messages', 'one object', { role: 'user', content: 'hi' }, [{ role: 'user', content: 'hi' }]],
	[
		'messages',
		'n8n’s items',
		[{ json: { role: 'user', content: 'hi' } }],
		[{ role: 'user', content: 'hi' }],
	],
	[
		'messages',
		'a list as an object',
		{ 0: { role: 'user', content: 'hi' } },
		[{ role: 'user', content: 'hi' }],
	],
	['messages', 'what is left of objects in a text', '[object Object]', '✗ must be a JSON object'],
	['messages', 'an object that lacks a member', [{ role: 'user' }], '✗ needs "content"'],
	[
		'messages',
		'a choice inside an object',
		[{ role: 'robot', content: 'hi' }],
		'✗ "role", must be one of system, user, assistant',
	],
	['note', 'a date', new Date(0), '1970-01-01T00:00:00.000Z'],
	['note', 'a text with blanks, as it is', ' a fox\n', ' a fox\n'],
	['note', 'a text in quotes, as it is', '"a fox"', '"a fox"'],
	['note', 'a number', 5, '5'],
	['note', 'an object, as JSON', { a: 1 }, '{"a":1}'],
	[
		'note',
		'a buffer as JSON writes it',
		{ type: 'Buffer', data: [...Buffer.from('a fox')] },
		'a fox',
	],
	['note', 'a text wrapped under another name', { prompt: 'a fox' }, '{"prompt":"a fox"}'],
	['note', 'what is left of an object in a text', '[object Object]', '✗ must be text'],
	['note', 'bytes that are not text', { type: 'Buffer', data: [255, 254] }, '✗ must be text'],
];

/** The whole of Additional Inputs (JSON), for a key that says which row it is. */
export const BODIES: Array<
	[what: string, value: (key: string) => unknown, becomes: (key: string) => unknown]
> = [
	['an object', (key) => ({ prompt: key }), (key) => ({ prompt: key })],
	['an object as text', (key) => JSON.stringify({ prompt: key }), (key) => ({ prompt: key })],
	[
		'an object as text in text',
		(key) => JSON.stringify(JSON.stringify({ prompt: key })),
		(key) => ({ prompt: key }),
	],
	[
		'an object between backticks',
		(key) => `\`\`\`json\n{"prompt":"${key}"}\n\`\`\``,
		(key) => ({ prompt: key }),
	],
	[
		'an object with a byte order mark and a no-break blank',
		(key) => `\ufeff{"prompt":"${key}"}\u00a0`,
		(key) => ({ prompt: key }),
	],
	['an object in curly quotes', (key) => `{“prompt”: “${key}”}`, () => '✗ is not a JSON object'],
	['an object in a sentence', (key) => `Sure: {"prompt":"${key}"}`, () => '✗ is not a JSON object'],
	['a list of one object', (key) => [{ prompt: key }], (key) => ({ prompt: key })],
	[
		'a list of one object as text',
		(key) => JSON.stringify([{ prompt: key }]),
		(key) => ({ prompt: key }),
	],
	['a request’s input', (key) => ({ input: { prompt: key } }), (key) => ({ prompt: key })],
	[
		'a request’s input as text',
		(key) => JSON.stringify({ input: { prompt: key } }),
		(key) => ({ prompt: key }),
	],
	[
		'an input that is text itself',
		(key) => ({ input: JSON.stringify({ prompt: key }) }),
		(key) => ({ prompt: key }),
	],
	[
		'a whole request',
		(key) => ({ version: 'a'.repeat(64), input: { prompt: key }, webhook: 'https://a.example' }),
		(key) => ({ prompt: key }),
	],
	['an item around it', (key) => ({ json: { prompt: key } }), (key) => ({ prompt: key })],
	[
		'an item around a request',
		(key) => ({ json: { input: { prompt: key } } }),
		(key) => ({ prompt: key }),
	],
	[
		'inputs beside a request’s input',
		(key) => ({ prompt: key, input: { seed: 1 } }),
		() => '✗ has inputs inside "input", and others beside it',
	],
	[
		'a request’s input that is no object',
		(key) => ({ input: key }),
		() => '✗ has "input", which is not an input of the model',
	],
	['two objects', (key) => [{ prompt: key }, { prompt: key }], () => '✗ is not a JSON object'],
	['a text', (key) => `prompt ${key}`, () => '✗ is not a JSON object'],
	['a number', () => 5, () => '✗ is not a JSON object'],
	['null', () => null, () => '✗ is not a JSON object'],
	['broken JSON', (key) => `{"prompt": "${key}`, () => '✗ is not a JSON object'],
];

/** For the inputs of a training, which needs one file: the input's name comes first. */
export const TRAINING: Array<[input: string, ...Row]> = [
	['input_images', 'the name of a binary field', 'data', '<data>'],
	['input_images', 'a name with a line break', 'data\n', '<data>'],
	['input_images', 'the name of the file itself', 'cat photo.png', '<upload0>'],
	['input_images', 'a URL with a line break', 'https://cdn.example.com/a.zip\n', ZIP],
	['input_images', 'a list of one URL, as JSON text', '["https://cdn.example.com/a.zip"]', ZIP],
	['input_images', 'an entry of this node’s own files', listing({ field: 'data', url: ZIP }), ZIP],
	['input_images', 'a file of n8n’s chat', listing({ binaryKey: 'data_1' }), '<data_1>'],
	['input_images', 'nothing, and the item has four files', '', '✗ "input_images" is required'],
	['input_images', 'an empty list', [], '✗ "input_images" is required'],
	['input_images', 'a field that is not there', 'photos', '✗ has no binary field "photos"'],
	['input_images', 'two names', 'data, data_1', '✗ takes one file, and 2 were given'],
	['input_images', 'a path', '/home/node/photos.zip', '✗ It looks like a path'],
	[
		'input_images',
		'an address in the office',
		'http://192.168.1.20/a.zip',
		'✗ http://192.168.1.20, which Replicate cannot reach',
	],
	['steps', 'a number as text', '7', 7],
	['steps', 'a number with a line break', ' 7\n', 7],
	['steps', 'an item around a number', { json: 7 }, 7],
	['steps', 'a word', 'many', '✗ must be a whole number, and is "many"'],
	['steps', 'a number that is too large', 1001, '✗ must be from 1 to 1000, and is 1001'],
];

/** What a fallback model gets of the form and of its own Inputs (JSON). */
export const FALLBACK: Array<
	[what: string, form: object, own: unknown, becomes: Record<string, unknown> | string]
> = [
	['a file that the form names', { image: 'data\n' }, '{}', { image: '<data>' }],
	['its own file instead', { image: 'data' }, { image: 'data_1' }, { image: '<data_1>' }],
	['its own, as text', { image: 'data' }, '{"image":"data_1"}', { image: '<data_1>' }],
	[
		'its own, as a whole request',
		{ image: 'data' },
		{ version: 'a'.repeat(64), input: { image: 'data_1' } },
		{ image: '<data_1>' },
	],
	['a number of the form', { seed: '7' }, '', { seed: 7 }],
	['a number of its own', { seed: '7' }, [{ seed: ' 8\n' }], { seed: 8 }],
	['an input that it does not have', { message: 'x' }, '', { message: undefined }],
	['a file that is not there', {}, { image: 'photo' }, '✗ has no binary field "photo"'],
	['a path that the form names', { image: '/tmp/a.png' }, '', '✗ It looks like a path'],
	['a word for a number', {}, { seed: 'many' }, '✗ must be a whole number, and is "many"'],
	['two files for one', { image: 'data' }, { image: ['data', A] }, '✗ takes one file'],
	['a text', { image: 'data' }, 'image data', '✗ is not a JSON object'],
	[
		'an address beside n8n',
		{},
		{ images: `${A}, http://minio:9000/a.png` },
		'✗ http://minio:9000, which Replicate cannot reach',
	],
];

/** What a Code node can put under `binary`. */
export const BINARIES: Array<[what: string, binary: object, becomes: string]> = [
	['binary data', { x: { data: BASE64, mimeType: 'image/png' } }, URI],
	['a data URI for its bytes', { x: { data: URI, mimeType: 'image/png', fileName: 'a.png' } }, URI],
	['base64 that is wrapped', { x: { data: wrapped(BASE64), mimeType: 'image/png' } }, URI],
	['no MIME type, but a name', { x: { data: BASE64, fileName: 'a.png' } }, URI],
	[
		'text for its bytes',
		{ x: { data: 'hello, world', mimeType: 'image/png', fileName: 'a.png' } },
		'✗ The data of the file "a.png" is not base64',
	],
	[
		'bytes and type flat',
		{ x: BASE64, mimeType: 'image/png' },
		'✗ does not hold n8n’s binary data',
	],
	['an empty object', { x: {} }, '✗ does not hold n8n’s binary data'],
	['null', { x: null }, '✗ does not hold n8n’s binary data'],
	['a type without bytes', { x: { mimeType: 'image/png' } }, '✗ does not hold n8n’s binary data'],
	[
		'a number for its bytes',
		{ x: { data: 5, mimeType: 'image/png' } },
		'✗ does not hold n8n’s binary data',
	],
];

const REAL_PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
	'base64',
);
const TEXT = Buffer.from('name;price\nfox;5\n');

/** The type that a file is sent under: what the item says, its name, its first bytes. */
export const TYPES: Array<[says: string, fileName: string, bytes: Buffer, sent: string]> = [
	['application/octet-stream', 'photos.zip', TEXT, 'application/zip'],
	['application/octet-stream', 'IMG_1.HEIC', TEXT, 'image/heic'],
	['application/octet-stream', 'voice.m4a', TEXT, 'audio/mp4'],
	['application/octet-stream', 'scan.pdf', TEXT, 'application/pdf'],
	['binary/octet-stream', 'a.webp', TEXT, 'image/webp'],
	['application/octet-stream', 'photo', REAL_PNG, 'image/png'],
	['application/octet-stream', 'photo.backup7', REAL_PNG, 'image/png'],
	['application/octet-stream', 'unknown', TEXT, 'application/octet-stream'],
	['text/plain', 'photo.png', REAL_PNG, 'image/png'],
	['text/plain', 'photo', REAL_PNG, 'image/png'],
	['text/plain', 'prices.csv', TEXT, 'text/plain'],
	['text/plain', 'notes', TEXT, 'text/plain'],
	['text/plain', 'server.ts', TEXT, 'text/plain'],
	['image/jpeg', 'photo.png', REAL_PNG, 'image/jpeg'],
	['audio/ogg; codecs=opus', 'a.mp3', TEXT, 'audio/ogg;codecs=opus'],
];

/** Image URLs of the chat model. */
export const CHAT: Array<[what: string, text: string, becomes: unknown]> = [
	['a URL', A, [A]],
	['URLs with commas', `${A},${B}`, [A, B]],
	['URLs on lines', `${A}\n ${B}\n`, [A, B]],
	['a URL with a comma', COMMA, [COMMA]],
	['URLs as JSON text', JSON.stringify([A, B]), [A, B]],
	['a data URI that is wrapped', wrapped(URI), [URI]],
	['a URL and a data URI', `${A}, ${URI}`, [A, URI]],
	['a path', '/tmp/a.png', '✗ is not a URL'],
	['a sentence', 'the photo of a fox', '✗ is not a URL'],
	['an address on a disk', 'file:///a.png', '✗ is not a URL'],
	[
		'an address in the office',
		'http://192.168.1.20/a.png',
		'✗ http://192.168.1.20, which Replicate cannot reach',
	],
	['an address beside n8n', 'http://minio:9000/a.png', '✗ which Replicate cannot reach'],
];

/** The tables as `docs/inputs.md` has them. */
export function pageTable(): string {
	const bodies = BODIES.map(([what, value, becomes]): Row => [
		what,
		value('a fox'),
		becomes('a fox'),
	]);
	const values = VALUES.map(([input, what, ...more]): Row => [
		`${what} (${KINDS[input]!})`,
		...more,
	]);
	const training = TRAINING.map(([input, what, ...more]): Row => [
		input === 'steps' ? `${what} (a whole number from 1 to 1000)` : `${what} (a required file)`,
		...more,
	]);
	const fallback = FALLBACK.map(([what, form, own, becomes]) => [
		what,
		cell(form),
		cell(own),
		result(own, becomes),
	]);
	const types = TYPES.map(([says, fileName, , sent]) => [cell(says), cell(fileName), cell(sent)]);
	return [
		[
			'## For one file',
			table(['handed over', 'for example', 'the model gets'], ONE_FILE.map(cells)),
		],
		[
			'## For a list of files',
			table(['handed over', 'for example', 'the model gets'], FILE_LIST.map(cells)),
		],
		[
			'## For other inputs',
			table(['handed over', 'for example', 'the model gets'], values.map(cells)),
		],
		[
			'## As Additional Inputs (JSON)',
			table(['handed over', 'for example', 'the model gets'], bodies.map(cells)),
		],
		[
			'## For a training',
			table(['handed over', 'for example', 'the training gets'], training.map(cells)),
		],
		[
			'## For a fallback model',
			'It gets what the form and **Additional Inputs (JSON)** have for inputs of its own, and its **Inputs (JSON)** over it, each read as above. What it could not run is refused before the first model is paid for.',
			table(['what it gets', 'the form', 'its Inputs (JSON)', 'the model gets'], fallback),
		],
		['## The type of a file', table(['the item says', 'its name', 'it is sent as'], types)],
	]
		.flat()
		.join('\n\n');
}

/** What the inputs of the tables are. */
const KINDS: Record<string, string> = {
	seed: 'a whole number',
	style: 'a choice',
	tags: 'a list of up to 3 texts',
	camera: 'an object',
	messages: 'a list of objects',
	note: 'a text',
};

function cells([what, value, becomes]: Row): string[] {
	return [what, cell(value), result(value, becomes)];
}

function result(value: unknown, becomes: unknown): string {
	if (becomes === undefined) return 'nothing';
	if (typeof becomes === 'string' && becomes.startsWith('✗ '))
		return `refused: “…${becomes.slice(1)}…”`;
	return value === becomes ? 'the same' : cell(becomes);
}

/** A value as code, on one line, and not too long. */
function cell(value: unknown): string {
	const text =
		typeof value === 'string'
			? JSON.stringify(value)
					.slice(1, -1)
					.replace(/^ +| +$/g, (blanks) => '␣'.repeat(blanks.length))
			: written(value);
	const seen = text.replace(
		/[\u00a0\u200b-\u200f\ufeff]/g,
		(mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	const short = seen.length > 50 ? `${seen.slice(0, 49)}…` : seen;
	return short === '' ? '(empty)' : `\`${short.replaceAll('`', "'").replaceAll('|', '¦')}\``;
}

function written(value: unknown): string {
	return (
		JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one)) ??
		''
	);
}

/** A table as the formatter writes it. */
function table(head: string[], rows: string[][]): string {
	const all = [head, ...rows];
	const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]!.length)));
	const line = (row: string[]) =>
		`| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
	return [
		line(head),
		`| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
		...rows.map(line),
	].join('\n');
}
