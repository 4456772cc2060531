import fs from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
	readPublicModel,
	readPublicModelIndex,
	readPublicModels,
	type PublicModelEntry,
} from '../../dev/sandbox/publicModels';
import { Catalogue } from '../../dev/sandbox/catalogue';

describe('the public models of the sandbox', () => {
	const index = readPublicModelIndex();

	it('are all in the index, the newest version first', () => {
		const times = index.map(({ latest_version: version }) => version.created_at);
		expect(index).toHaveLength(3808);
		expect(times).toEqual([...times].sort((one, other) => other.localeCompare(one)));
	});

	it('are where the index says, each with what the index says of it', async () => {
		const all = await readPublicModels();
		const read = index.map(readPublicModel);
		expect(read.map(({ owner, name }) => `${owner}/${name}`)).toEqual(
			index.map(({ owner, name }) => `${owner}/${name}`),
		);
		expect(read.filter((model, at) => !isDeepStrictEqual(model, all[at]))).toEqual([]);
		const facts = ({ description, run_count: runs, latest_version: { id } }: Facts) =>
			[description, runs, id].join();
		expect(read.map(facts)).toEqual(index.map(facts));
	});

	it('are found, searched and listed without reading one of them whole', () => {
		const read = jest.spyOn(fs, 'readSync');
		try {
			const catalogue = new Catalogue([]);
			expect(catalogue.find('nobody', 'nothing')).toBeUndefined();
			expect(catalogue.runnable('0'.repeat(64))).toBeUndefined();
			expect(catalogue.search('upscale', 20)).toHaveLength(20);
			const whisper = catalogue.find('openai', 'whisper')!;
			expect(read).not.toHaveBeenCalled();
			expect(whisper.schemas).toHaveProperty('Input');
			expect(read).toHaveBeenCalledTimes(1);
		} finally {
			read.mockRestore();
		}
	});
});

type Facts = Pick<PublicModelEntry, 'description' | 'run_count' | 'latest_version'>;
