/**
 * The sandbox in a process of its own, which tells its parent what it has seen: each message asks for
 * a summary since the last one.
 */
import { startSandbox } from '../sandbox/server';

/** What the sandbox has seen since it was last asked. */
export interface Seen {
	/** Connections of clients, told apart by their ports. */
	connections: number;
	/** Requests to the API; output files are not part of it. */
	requests: number;
	uploads: number;
	predictions: number;
	/** Reads of predictions: single ones, and pages of the list. */
	reads: number;
	/** When the last prediction ended, in ms. */
	lastEndedAt: number;
}

async function main(): Promise<void> {
	// Replicate's limit of 600 creates a minute would be all that is measured.
	const createLimit = { perMinute: 1e9, burst: 1e9 };
	const sandbox = await startSandbox({ bootMs: 0, createLimit });
	let predictions = 0;
	process.on('message', () => {
		const requests = sandbox.requests.splice(0);
		const seen: Seen = {
			connections: new Set(requests.map(({ remotePort }) => remotePort)).size,
			requests: requests.length,
			uploads: requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/files'))
				.length,
			predictions: sandbox.predictions.all.length - predictions,
			reads: sandbox.counts.reads,
			lastEndedAt: sandbox.predictions.all.at(-1)?.completedAt ?? 0,
		};
		predictions = sandbox.predictions.all.length;
		sandbox.counts.reset();
		process.send!(seen);
	});
	process.send!({ baseUrl: sandbox.baseUrl, token: sandbox.token });
}

void main();
