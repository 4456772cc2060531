import {
	DEFAULT_DATA_URI_MAX_BYTES,
	MAX_UPLOAD_BYTES,
	routeFiles,
} from '../../../nodes/shared/files/route';

const files = (...sizes: number[]) => sizes.map((bytes, index) => ({ name: `${index}`, bytes }));
const auto = { fileRouting: 'auto', dataUriMaxBytes: DEFAULT_DATA_URI_MAX_BYTES } as const;

describe('routeFiles', () => {
	it.each([
		[[0], ['dataUri']],
		[[999_999], ['dataUri']],
		[[1_000_000], ['upload']],
		[[MAX_UPLOAD_BYTES], ['upload']],
		[
			[400_000, 400_000],
			['dataUri', 'dataUri'],
		],
		[
			[600_000, 400_000],
			['upload', 'dataUri'],
		],
		[
			[500_000, 500_000],
			['upload', 'dataUri'],
		],
		[
			[300_000, 5_000_000, 900_000, 600_000],
			['dataUri', 'upload', 'upload', 'dataUri'],
		],
		[[], []],
	])('by size: %j → %j', (sizes, routes) => {
		expect(routeFiles(files(...sizes), auto)).toEqual(routes);
	});

	it('inlines nothing with a limit of 0', () => {
		expect(routeFiles(files(0, 1), { ...auto, dataUriMaxBytes: 0 })).toEqual(['upload', 'upload']);
	});

	it.each(['upload', 'dataUri', 'publicUrl'] as const)('sends all files as %s', (fileRouting) => {
		const routes = routeFiles(files(1, 5_000_000), { ...auto, fileRouting });
		expect(routes).toEqual([fileRouting, fileRouting]);
	});

	it('sends as a public URL what is too large for every other route', () => {
		const large = files(MAX_UPLOAD_BYTES * 10);
		expect(routeFiles(large, { ...auto, fileRouting: 'publicUrl' })).toEqual(['publicUrl']);
	});

	it('refuses a file of more than 100 MiB on every route', () => {
		for (const fileRouting of ['auto', 'upload', 'dataUri'] as const) {
			expect(() => routeFiles(files(1, 157_286_400), { ...auto, fileRouting })).toThrow(
				'The file "1" has 150.0 MiB, and Replicate takes uploads of up to 100 MiB',
			);
			expect(() => routeFiles(files(MAX_UPLOAD_BYTES + 1), { ...auto, fileRouting })).toThrow();
		}
	});

	it('refuses more than 10 MB of data URIs', () => {
		expect(() =>
			routeFiles(files(6_000_000, 5_000_000), { ...auto, fileRouting: 'dataUri' }),
		).toThrow(/11000000 bytes together, too many for data URIs \(10000000\)$/);
		const max = { ...auto, fileRouting: 'dataUri' } as const;
		expect(routeFiles(files(6_000_000, 4_000_000), max)).toEqual(['dataUri', 'dataUri']);
		expect(() => routeFiles(files(6_000_000, 4_000_001), max)).toThrow();
	});
});
