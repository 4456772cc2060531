import { readFile } from 'node:fs/promises';
import pMap from 'p-map';
import { request } from 'undici';
import type { Contestant, Service } from './contestant';

/** The floor: a request for each prediction, and nothing around it. */
export async function undiciLoop({ baseUrl, token }: Service): Promise<Contestant> {
	const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
	const versionOf = async (model: string) => {
		const { body } = await request(`${baseUrl}/models/${model}`, { headers });
		return ((await body.json()) as { latest_version: { id: string } }).latest_version.id;
	};
	const created = async (version: string, input: object) => {
		const answer = await request(`${baseUrl}/predictions`, {
			method: 'POST',
			headers: { ...headers, prefer: 'wait=60' },
			body: JSON.stringify({ version, input }),
		});
		const { status } = (await answer.body.json()) as { status: string };
		if (status !== 'succeeded') throw new Error(`The prediction is ${status}`);
	};
	return {
		predict: async (paths, concurrency) => async () => {
			const version = await versionOf('sandbox/checksum');
			await pMap(
				paths,
				async (path) => {
					const base64 = (await readFile(path)).toString('base64');
					await created(version, { files: [`data:application/octet-stream;base64,${base64}`] });
				},
				{ concurrency },
			);
		},
		wait: async (seconds, count, concurrency) => async () => {
			const version = await versionOf('sandbox/slow');
			await pMap(Array.from({ length: count }), async () => await created(version, { seconds }), {
				concurrency,
			});
		},
	};
}
