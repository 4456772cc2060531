import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contestant, Service } from './contestant';

const run = promisify(execFile);

/** curl, whose memory is its own: only its time is measured. */
export async function curl({ baseUrl, token }: Service): Promise<Contestant> {
	const folder = await mkdtemp(join(tmpdir(), 'bench-'));
	const quiet = ['--silent', '--show-error', '--fail', '-H', `Authorization: Bearer ${token}`];
	return {
		upload: async (path) => async () => {
			await run('curl', [
				...quiet,
				'-F',
				`content=@${path}`,
				'-o',
				'/dev/null',
				`${baseUrl}/files`,
			]);
		},
		download: async (id) => {
			const { stdout } = await run('curl', [...quiet, `${baseUrl}/predictions/${id}`]);
			const { output } = JSON.parse(stdout) as { output: string };
			return async () => {
				await run('curl', ['--silent', '--fail', '-o', join(folder, 'out'), output]);
			};
		},
	};
}
