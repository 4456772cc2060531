import { chatImages } from '../../../nodes/shared/chat/images';
import { MODELS } from './models';

const PNG = `data:image/png;base64,${Buffer.from('png').toString('base64')}`;
const URLS = ['https://a.example/1.png', 'https://b.example/2.png'];

describe('the images of a conversation', () => {
	it('are files of the model’s input, each once', async () => {
		const { files, hints } = await chatImages(MODELS.gpt, [...URLS, PNG, PNG]);
		expect(files).toMatchObject([
			{
				input: 'image_input',
				list: true,
				values: [
					{ kind: 'text', text: URLS[0] },
					{ kind: 'text', text: URLS[1] },
					{ kind: 'binary', file: { name: 'image-3.png', mimeType: 'image/png', bytes: 3 } },
				],
			},
		]);
		expect(hints).toEqual([]);
	});

	it('are the last one for a model that sees one', async () => {
		const { files, hints } = await chatImages(MODELS.claude, URLS);
		expect(files).toMatchObject([{ input: 'image', list: false, values: [{ text: URLS[1] }] }]);
		expect(hints).toEqual([
			'anthropic/claude-4-sonnet takes one image at a time, so only the last of 2 was sent.',
		]);
		expect((await chatImages(MODELS.claude, [URLS[0]!, URLS[0]!])).hints).toEqual([]);
	});

	it('are none without any, or for a model without an input', async () => {
		expect(await chatImages(MODELS.gpt, [])).toEqual({ files: [], hints: [] });
		expect(await chatImages(MODELS.promptOnly, URLS)).toEqual({ files: [], hints: [] });
	});

	it('are refused where their base64 is broken', async () => {
		await expect(chatImages(MODELS.gpt, ['data:image/png;base64,A'])).rejects.toThrow(
			'A message holds a file whose base64 is broken',
		);
	});

	it('are refused where what is given is no address', async () => {
		await expect(chatImages(MODELS.gpt, ['photo.png'])).rejects.toThrow(
			'A message holds a file without an address: photo.png',
		);
	});

	it('are named by their type', async () => {
		const { files } = await chatImages(MODELS.gpt, ['data:image/jpeg;base64,AAAA']);
		expect(files[0]!.values[0]).toMatchObject({ file: { name: 'image-1.jpg' } });
	});
});
