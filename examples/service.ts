import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Samples } from './samples';
import { startSandbox } from '../dev/sandbox/server';

/** Where the examples run. */
export interface Service {
	name: string;
	baseUrl: string;
	apiToken: string;
	/** The address of an image on the web. */
	hostedUrl?: string;
	stop(): Promise<void>;
}

/** The sandbox on this machine: nothing leaves it, and nothing is billed. */
export async function sandboxService({ photo }: Samples): Promise<Service> {
	const sandbox = await startSandbox({ bootMs: 150 });
	return {
		name: 'the sandbox on this machine',
		baseUrl: sandbox.baseUrl,
		apiToken: sandbox.token,
		hostedUrl: await sandbox.delivery.host(basename(photo), await readFile(photo)),
		stop: async () => await sandbox.stop(),
	};
}

/** The real service. Its runs are billed to the token's account. */
export function liveService(apiToken: string, hostedUrl?: string): Service {
	return {
		name: 'replicate.com',
		baseUrl: 'https://api.replicate.com/v1',
		apiToken,
		hostedUrl,
		stop: async () => {},
	};
}
