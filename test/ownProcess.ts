import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs a file of TypeScript in a process of its own, where nothing else uses memory.
 *
 * @returns what it printed, as JSON
 */
export async function inOwnProcess<T>(file: string, ...args: string[]): Promise<T> {
	const { stdout } = await run(process.execPath, ['--import', 'tsx', file, ...args], {
		env: { ...process.env, NODE_OPTIONS: '' },
	});
	return JSON.parse(stdout) as T;
}
