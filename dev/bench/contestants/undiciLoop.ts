import { readFile } from 'node:fs/promises';
import pMap from 'p-map';
import { request } from 'undici';
import type { Contestant, Service } from './contestant';

/** The floor: a request for each prediction, and nothing around it. */
export async function undiciLoop({ baseUrl, token }: Service): Promise<Contestant> {
	const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
	const created = async (path: string, body: object) => {
		const answer = await request(baseUrl + path, {
			method: 'POST',
			headers: { ...headers, prefer: 'wait=60' },
			body: JSON.stringify(body),
		});
		const { status } = (await answer.body.json()) as { status: string };
		if (status !== 'succeeded') throw new Error(`The prediction is ${status}`);
	};
	return {
		predict: async (paths, concurrency) => async () => {
			await pMap(
				paths,
				async (path) => {
					const base64 = (await readFile(path)).toString('base64');
					await created('/models/sandbox/checksum/predictions', {
						input: { files: [`data:application/octet-stream;base64,${base64}`] },
					});
				},
				{ concurrency },
			);
		},
	};
}
