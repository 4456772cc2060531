import fc from 'fast-check';
import { chosenName, defaultNames } from '../../../nodes/shared/outputs/fileNames';
import { nameAndType } from '../../../nodes/shared/outputs/names';

const ID = 'jrdn13hqbna50td8im7kmu6bwz';

/** The names of one prediction's files, by their addresses, keys, and the names that servers give. */
function namesOf(
	files: Array<{ url: string; key?: string; served?: string }>,
	model: string | null = 'lucataco/remove-bg',
	contentType = '',
): string[] {
	const names = defaultNames({ id: ID, model }, files);
	return files.map(({ url, served }, index) => {
		const name = served ?? (url.startsWith('http') ? url.split('/').at(-1) : undefined);
		return nameAndType({ name, contentType, stem: names[index]!(served) }).fileName;
	});
}

const at = (name: string) => ({ url: `https://replicate.delivery/x/${name}` });

describe('the name of an output file', () => {
	it.each([
		['drums.wav', `drums-${ID}.wav`],
		['thumbnail.webp', `thumbnail-${ID}.webp`],
		['frame%201.png', `frame 1-${ID}.png`],
		['K%C3%A4tzchen.png', `Kätzchen-${ID}.png`],
		['voice.v2.wav', `voice.v2-${ID}.wav`],
		['output.png', `remove-bg-${ID}.png`],
		['out-0.png', `remove-bg-${ID}.png`],
		['out_put%20(3).png', `out_put (3)-${ID}.png`],
		['final_output.PNG', `remove-bg-${ID}.PNG`],
		['tmp8k2_fqxw.mp4', `remove-bg-${ID}.mp4`],
		['tmpabcdefg.mp4', `remove-bg-${ID}.mp4`],
		['00001.png', `remove-bg-${ID}.png`],
		['a.png', `remove-bg-${ID}.png`],
		['d41d8cd98f00b204e9800998ecf8427e.png', `remove-bg-${ID}.png`],
		['0d5f9b0c-6c1e-4a0e-9f06-3ab4a3b0e2d1.png', `remove-bg-${ID}.png`],
		[`replicate-prediction-${ID}.png`, `remove-bg-${ID}.png`],
		[`cat-${ID}.png`, `cat-${ID}.png`],
		['.env.png', `env-${ID}.png`],
		['..%2f..%2fetc%2fpasswd', `passwd-${ID}`],
		['', `remove-bg-${ID}`],
	])('%s: %s', (path, name) => expect(namesOf([at(path)])).toEqual([name]));

	it('begins with the key above the file where the name says nothing', () => {
		const files = [
			{ ...at('out.wav'), key: 'vocals' },
			{ ...at('out.wav'), key: 'drums' },
			{ ...at('out.wav'), key: 'audio' },
		];
		expect(namesOf(files)).toEqual([`vocals-${ID}.wav`, `drums-${ID}.wav`, `remove-bg-${ID}.wav`]);
	});

	it.each([
		['black-forest-labs/flux-schnell', `flux-schnell-${ID}.png`],
		[
			'owner/name:5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa',
			`name-${ID}.png`,
		],
		[null, `output-${ID}.png`],
		['', `output-${ID}.png`],
		['owner/..', `file-${ID}.png`],
	])('begins with the name of the model %s', (model, name) => {
		expect(namesOf([at('output.png')], model)).toEqual([name]);
	});

	it('has a place where several files would have one name', () => {
		expect(namesOf(['out-0.png', 'out-1.png', 'seed.png', 'SEED.PNG', 'seed.jpg'].map(at))).toEqual(
			[
				`remove-bg-${ID}.png`,
				`remove-bg-${ID}_1.png`,
				`seed-${ID}.png`,
				`SEED-${ID}_1.PNG`,
				`seed-${ID}_2.jpg`,
			],
		);
	});

	it('is the one that the server gives where the address says nothing', () => {
		const files = [
			{ ...at('download'), served: 'cat.png' },
			{ ...at('download'), served: 'cat.png' },
			{ ...at('dog.png'), served: 'other.png' },
			{ ...at('download'), served: 'dog.png' },
		];
		expect(namesOf(files)).toEqual([
			`cat-${ID}.png`,
			`cat-${ID}_1.png`,
			`dog-${ID}.png`,
			// Another file of this prediction has this name already.
			`remove-bg-${ID}_2.png`,
		]);
	});

	it('differs from all others, fits every file system, and ends in the ID', () => {
		const part = fc.oneof(
			fc.constantFrom('out', 'output.png', 'a.png', 'cat', 'Cat.png', 'cat_1.png', 'cat.webp', ID),
			fc.string({ unit: 'grapheme', maxLength: 300 }),
		);
		const file = fc.record({
			url: fc.oneof(
				part.map((name) => at(encodeURIComponent(name)).url),
				fc.constant('data:image/png;base64,AAAA'),
			),
			key: fc.option(part, { nil: undefined }),
			served: fc.option(part, { nil: undefined }),
		});
		const type = fc.constantFrom('', 'image/png', 'image/webp', 'application/octet-stream');
		fc.assert(
			fc.property(fc.array(file, { maxLength: 12 }), part, type, (files, model, contentType) => {
				const names = namesOf(files, model, contentType);
				expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(files.length);
				for (const name of names) {
					expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
					expect(name).toMatch(new RegExp(`^[^/\\\\.][^/\\\\]*-${ID}(_\\d+)?(\\.[^.]+)?$`, 'u'));
				}
			}),
		);
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
		['x'.repeat(300), 0, 'out.png', `${'x'.repeat(251)}.png`],
		['x'.repeat(300), 12, 'out.png', `${'x'.repeat(215)}_12.png`],
	])('%s, file %i, of a model that says %s: %s', (wanted, index, name, fileName) => {
		const hints = { name, contentType: 'image/png', stem: chosenName(wanted, index) };
		expect(nameAndType(hints)).toEqual({ fileName, mimeType: 'image/png' });
	});
});
