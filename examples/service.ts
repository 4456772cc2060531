import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Samples } from './samples';
import { startSandbox } from '../dev/sandbox/server';

/** Where the examples run, and with which models. */
export interface Service {
	name: string;
	baseUrl: string;
	apiToken: string;
	/** The model that makes an image of an image, by name. */
	imageModel?: string;
	/** The model that takes a sound, and the name of its input. */
	soundModel?: { name: string; input: string };
	/** The address of an image on the web. */
	hostedUrl?: string;
	stop(): Promise<void>;
}

/** The sandbox on this machine: nothing leaves it, and nothing costs. */
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

/** The real service. Its runs are paid by the token's account. */
export function liveService(apiToken: string, hostedUrl?: string): Service {
	return {
		name: 'replicate.com',
		baseUrl: 'https://api.replicate.com/v1',
		apiToken,
		imageModel: 'lucataco/remove-bg',
		soundModel: { name: 'openai/whisper', input: 'audio' },
		hostedUrl,
		stop: async () => {},
	};
}
