import type { Message } from '@n8n/ai-node-sdk';
import { turnsOf } from '../../../nodes/shared/chat/conversation';

const message = (role: Message['role'], ...content: unknown[]) =>
	({ role, content }) as unknown as Message;
const PNG = 'iVBORw0KGgo=';

describe('the turns of a conversation', () => {
	it('have the text of all parts, and what an assistant called', () => {
		const calls = { type: 'tool-call', toolCallId: 'c1', toolName: 'add', input: '{"a":1}' };
		expect(
			turnsOf([
				message('system', { type: 'text', text: 'Be kind' }),
				message('user', { type: 'text', text: 'One' }, { type: 'text', text: 'Two' }),
				message('assistant', { type: 'reasoning', text: 'hm' }, calls),
				message('tool', { type: 'tool-result', toolCallId: 'c1', result: '3' }),
			]),
		).toEqual([
			{ role: 'system', text: 'Be kind', images: [], calls: [] },
			{ role: 'user', text: 'One\n\nTwo', images: [], calls: [] },
			{
				role: 'assistant',
				text: '',
				images: [],
				calls: [{ id: 'c1', name: 'add', arguments: '{"a":1}' }],
			},
			{ role: 'tool', text: '3', images: [], calls: [], callId: 'c1' },
		]);
	});

	it.each([
		[{ sum: 3 }, '{"sum":3}'],
		[
			[
				{ type: 'text', text: 'a' },
				{ type: 'text', text: 'b' },
			],
			'a\n\nb',
		],
		[[], '[]'],
		[[{ type: 'image' }], '[{"type":"image"}]'],
		[undefined, ''],
		[null, 'null'],
	])('give a tool’s result %j as text', (result, text) => {
		const [turn] = turnsOf([message('tool', { type: 'tool-result', toolCallId: 'x', result })]);
		expect(turn!.text).toBe(text);
	});

	it.each<[string, object, string]>([
		[
			'its URL',
			{ providerMetadata: { url: 'https://a.example/b.png' } },
			'https://a.example/b.png',
		],
		[
			'base64 with its type',
			{ data: 'AAAA', mediaType: 'image/webp' },
			'data:image/webp;base64,AAAA',
		],
		['base64 alone', { data: PNG }, `data:image/png;base64,${PNG}`],
		[
			'base64 of a type that nobody knew',
			{ data: PNG, mediaType: 'application/octet-stream' },
			`data:image/png;base64,${PNG}`,
		],
		['bytes', { data: Buffer.from(PNG, 'base64') }, `data:image/png;base64,${PNG}`],
		['a data URI', { data: 'data:image/gif;base64,R0lGOD' }, 'data:image/gif;base64,R0lGOD'],
	])('take an image by %s', (_name, part, address) => {
		expect(turnsOf([message('user', { type: 'file', ...part })])[0]!.images).toEqual([address]);
	});

	it.each<[string, object, object]>([
		[
			'a PDF',
			{ data: 'JVBERi0xLjc=', mediaType: 'application/pdf' },
			{ kind: 'document', type: 'application/pdf' },
		],
		['a PDF without its type', { data: 'JVBERi0xLjc=' }, { kind: 'document' }],
		['a data URI of a sound', { data: 'data:audio/wav;base64,AA' }, { kind: 'audio' }],
		[
			'the address of a video',
			{ mediaType: 'video/*', providerMetadata: { url: 'https://a.example/b' } },
			{ kind: 'video', address: 'https://a.example/b' },
		],
	])('take %s as what it is', (_name, part, media) => {
		const [turn] = turnsOf([message('user', { type: 'file', ...part })]);
		expect(turn).toMatchObject({ images: [], media: [media] });
	});

	it.each<[string, object, string]>([
		['bytes of no known type', { data: 'AAAA' }, 'application/octet-stream'],
		['nothing', {}, 'application/octet-stream'],
		['a part whose type nobody knows', { mediaType: 'hologram' }, 'hologram'],
		['a table', { data: 'AAAA', mediaType: 'text/csv' }, 'text/csv'],
	])('refuse %s', (_name, part, type) => {
		expect(() => turnsOf([message('user', { type: 'file', ...part })])).toThrow(
			`A message holds a file of the type ${type}`,
		);
	});
});
