import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INode, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { startStorage, type StorageServers } from '../../dev/n8n/servers';
import type { StorageServer } from '../../dev/n8n/servers/storage';
import { nodeType } from '../../dev/packageName';
import { executed, inARow, startN8nWorld, startOwnN8nWorld, type N8nWorld } from './n8nWorld';

type Storage = Exclude<keyof StorageServers, 'stop'>;
type Step = Pick<INode, 'type' | 'typeVersion' | 'parameters'>;

/** How n8n lists, reads and writes files at a storage. */
interface Steps {
	list: Step;
	/** Reads the file of an item of the list. */
	read: Step;
	/** Reads one file, by its name. */
	readOne(name: string): Step;
	write: Step;
}

const step =
	(type: string, typeVersion: number, common: INodeParameters) =>
	(parameters: INodeParameters) => ({
		type: `n8n-nodes-base.${type}`,
		typeVersion,
		parameters: { ...common, ...parameters },
	});

/**
 * What docs/chains.md says to take for a name: FTP gives its bytes as characters of Latin-1, in which an
 * umlaut is two.
 */
const UTF8_NAME = /\{\{ (decodeURIComponent\(\$json\.name.*) \}\}/.exec(
	readFileSync(join(__dirname, '../../docs/chains.md'), 'utf8'),
)![1]!;

function ftpSteps(protocol: 'ftp' | 'sftp', root: string, name: string): Steps {
	const ftp = step('ftp', 1.1, { protocol });
	return {
		list: ftp({ operation: 'list', path: `${root}/photos` }),
		read: ftp({ operation: 'download', path: `=${root}/photos/{{ ${name} }}` }),
		readOne: (one) => ftp({ operation: 'download', path: `${root}/photos/${one}` }),
		write: ftp({ operation: 'upload', path: `=${root}/results/{{ $binary.data.fileName }}` }),
	};
}

const STEPS: Record<Storage, (server: StorageServer) => Steps> = {
	s3() {
		const s3 = step('s3', 1, { resource: 'file' });
		const read = { operation: 'download', bucketName: 'photos' };
		return {
			list: s3({ operation: 'getAll', bucketName: 'photos', returnAll: true }),
			read: s3({ ...read, fileKey: '={{ $json.Key }}' }),
			readOne: (one) => s3({ ...read, fileKey: one }),
			write: s3({ operation: 'upload', bucketName: 'results', fileName: '' }),
		};
	},
	ftp: () => ftpSteps('ftp', '', UTF8_NAME),
	sftp: ({ place }) => ftpSteps('sftp', place, '$json.name'),
	nextCloudApi() {
		const nextcloud = step('nextCloud', 1, {});
		return {
			list: nextcloud({ resource: 'folder', operation: 'list', path: 'photos' }),
			// The node gives a path with its percent signs, and encodes them once more.
			read: nextcloud({ operation: 'download', path: '={{ decodeURIComponent($json.path) }}' }),
			readOne: (one) => nextcloud({ operation: 'download', path: `photos/${one}` }),
			write: nextcloud({
				operation: 'upload',
				path: '=results/{{ $binary.data.fileName }}',
				binaryDataUpload: true,
			}),
		};
	},
};

/** A file that is put at a storage, and the type that the model must get it with. */
interface Sample {
	name: string;
	bytes: Buffer;
	/** What an S3 server has as its type. */
	stored: string;
	type: string;
}

/** Bytes of the largest file. */
const LARGE = 60_000_000;
/** Whether all files run everywhere, also where n8n is slow: a minute for the largest by SFTP alone. */
const IS_ALL = process.env.STORAGES === 'all';

const UMLAUT = 'Straße für Müller.png';

async function makeSamples(): Promise<Record<'special' | 'twenty', Sample[]>> {
	const picture = (shade: number) =>
		sharp({ create: { width: 40, height: 30, channels: 3, background: { r: shade, g: 9, b: 7 } } });
	const png = async (shade: number) => await picture(shade).png().toBuffer();
	const type = 'image/png';
	const twenty = Array.from({ length: 20 }, async (_, shade) => ({
		name: `${shade}.png`,
		bytes: await png(shade),
		stored: type,
		type,
	}));
	const special: Sample[] = [
		{ name: UMLAUT, bytes: await png(30), stored: type, type },
		// Types that say nothing, or what is not so.
		{ name: 'wrong.png', bytes: await png(31), stored: 'application/octet-stream', type },
		{ name: 'text.png', bytes: await png(32), stored: 'text/plain', type },
		{
			name: 'photo',
			bytes: await picture(33).jpeg().toBuffer(),
			stored: 'binary/octet-stream',
			type: 'image/jpeg',
		},
	];
	return { special, twenty: await Promise.all(twenty) };
}

const film = (bytes: number): Sample => ({
	name: 'film.mp4',
	bytes: randomBytes(bytes),
	stored: 'binary/octet-stream',
	type: 'video/mp4',
});

const EXTENSIONS: Record<string, string> = {
	'image/png': 'png',
	'image/jpeg': 'jpg',
	'video/mp4': 'mp4',
};

/** Storage → model → storage, as chains of files run: each server is the real program. */
describe.each([
	['on disk', ['s3', 'ftp', 'sftp', 'nextCloudApi'] as Storage[]],
	['in memory', ['s3', 'ftp'] as Storage[]],
])('files from a storage through a model and back, with binary data %s', (mode, storages) => {
	let world: N8nWorld;
	let folder: string;
	let servers: StorageServers;
	let samples: Awaited<ReturnType<typeof makeSamples>>;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'n8n-storage-'));
		[servers, samples, world] = await Promise.all([
			startStorage(folder),
			makeSamples(),
			mode === 'on disk'
				? startN8nWorld()
				: startOwnN8nWorld({ env: { N8N_DEFAULT_BINARY_DATA_MODE: 'default' } }),
		]);
	});
	afterAll(async () => {
		await world.stop();
		await servers.stop();
		await rm(folder, { recursive: true, force: true });
	});

	/** Runs a chain of steps, with the node between them that reads `data` and writes it. */
	async function run(storage: Storage, steps: Step[], options: INodeParameters): Promise<void> {
		const { type, data } = servers[storage].credential;
		const credentials = {
			[type]: await world.session.credential(`${storage} account`, type, data),
		};
		const node = {
			name: 'Copy',
			type: nodeType('replicate'),
			typeVersion: 1,
			parameters: {
				model: { __rl: true, mode: 'name', value: 'sandbox/copy' },
				fileInputs: { values: [{ input: 'file', binaryFields: 'data' }] },
				options,
			},
		};
		const before = steps.slice(0, -1);
		const workflow = await world.session.createWorkflow(
			inARow(world, `${storage}, ${mode}`, [
				{
					name: 'When clicking ‘Execute workflow’',
					type: 'n8n-nodes-base.manualTrigger',
					typeVersion: 1,
					parameters: {},
				},
				...before.map((one, index) => ({ ...one, name: `Read ${index}`, credentials })),
				node,
				{ ...steps.at(-1)!, name: 'Write', credentials },
			]),
		);
		const { resultData } = await executed(world.session, workflow);
		expect(resultData.error?.message).toBeUndefined();
	}

	describe.each(storages)('%s', (storage) => {
		it('all at once: every byte arrives under a name of its own, with its real type', async () => {
			const server = servers[storage];
			const { list, read, write } = STEPS[storage](server);
			const { special, twenty } = samples;
			const files: Sample[] = [...special];
			if (IS_ALL || (storage !== 'sftp' && mode === 'on disk')) files.push(...twenty);
			if (IS_ALL || storage !== 'sftp') files.push(film(IS_ALL ? LARGE : 6_000_000));
			for (const { name, bytes, stored } of files) await server.put('photos', name, bytes, stored);
			await run(storage, [list, read, write], {});
			const results = await server.list('results');
			const found = results.map(({ name, bytes, type }) => [
				sha256(bytes),
				name.replace(/^copy-[a-z0-9]{20,}\./, '<model and ID>.'),
				...(storage === 's3' ? [type] : []),
			]);
			const expected = files.map(({ bytes, type }) => [
				sha256(bytes),
				`<model and ID>.${EXTENSIONS[type]}`,
				...(storage === 's3' ? [type] : []),
			]);
			expect(found.sort()).toEqual(expected.sort());
		});

		it('one file keeps its name, with the umlaut, and overwrites what has that name', async () => {
			const server = servers[storage];
			await server.put('results', UMLAUT, Buffer.from('an earlier file'));
			const { readOne, write } = STEPS[storage](server);
			await run(storage, [readOne(UMLAUT), write], {
				outputFileName: '={{ $binary.data.fileName }}',
			});
			const kept = (await server.list('results')).find(({ name }) => name === UMLAUT);
			const { bytes } = samples.special.find(({ name }) => name === UMLAUT)!;
			expect(kept?.bytes.equals(bytes)).toBe(true);
		});
	});
});

function sha256(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}
