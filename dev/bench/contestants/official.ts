import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pMap from 'p-map';
import Replicate from 'replicate';
import type { Contestant, Service } from './contestant';

/** The official client, with files as its README shows them: a Buffer goes in, and is uploaded. */
export const official = async (service: Service): Promise<Contestant> =>
	await clientWith(service, (bytes) => bytes);

/** The official client in the hands of someone who knows that small files need no upload. */
export const officialDataUri = async (service: Service): Promise<Contestant> =>
	await clientWith(
		service,
		(bytes) => `data:application/octet-stream;base64,${bytes.toString('base64')}`,
	);

async function clientWith(
	{ baseUrl, token }: Service,
	asInput: (bytes: Buffer) => unknown,
): Promise<Contestant> {
	const replicate = new Replicate({ auth: token, baseUrl });
	const folder = await mkdtemp(join(tmpdir(), 'bench-'));
	return {
		upload: async (path) => async () => void (await replicate.files.create(await readFile(path))),
		download: async (id) => async () => {
			const { output } = await replicate.predictions.get(id);
			// The client makes file objects of https URLs only; the sandbox has none.
			const answer = await fetch(String(output));
			await writeFile(join(folder, 'out'), Buffer.from(await answer.arrayBuffer()));
		},
		predict: async (paths, concurrency) => async () => {
			await pMap(
				paths,
				async (path) => {
					const files = [asInput(await readFile(path))];
					await replicate.run('sandbox/checksum', { input: { files } });
				},
				{ concurrency },
			);
		},
		wait: async (seconds, count, concurrency) => async () => {
			// Community models run by their version only.
			const { latest_version: version } = await replicate.models.get('sandbox', 'slow');
			const model = `sandbox/slow:${version!.id}` as const;
			await pMap(
				Array.from({ length: count }),
				async () => await replicate.run(model, { input: { seconds } }),
				{ concurrency },
			);
		},
	};
}
