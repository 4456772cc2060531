import { startSandbox } from '../../dev/sandbox/server';
import { callsTo } from './calls';

/*
 * Reads a prediction whose output is 200 MB of JSON out of the sandbox, chunk by chunk, and prints what
 * came and by how much the memory of this process has grown. Its argument is the output's shape.
 */

/** What was seen. */
export interface HugeResponse {
	type: string | null;
	bytes: number;
	/** What the sandbox counted. */
	sentBytes: number;
	/** The last characters. */
	end: string;
	/** The most memory that the process had meanwhile, above what it had before, in bytes. */
	grownBytes: number;
}

async function main(shape: string): Promise<void> {
	const sandbox = await startSandbox({ bootMs: 0 });
	const { id } = (await callsTo(sandbox).create('sandbox/huge', { megabytes: 200, shape })).json!;
	await sandbox.predictions.all[0]!.ended;
	const before = process.memoryUsage().rss;
	let max = before;
	const response = await fetch(`${sandbox.baseUrl}/predictions/${id}`, {
		headers: { authorization: `Bearer ${sandbox.token}` },
	});
	let bytes = 0;
	let last = Buffer.alloc(0);
	for await (const chunk of response.body!) {
		bytes += (chunk as Uint8Array).length;
		last = Buffer.from(chunk as Uint8Array);
		max = Math.max(max, process.memoryUsage().rss);
	}
	const seen: HugeResponse = {
		type: response.headers.get('content-type'),
		bytes,
		sentBytes: sandbox.counts.bytesOf('GET /predictions/:id'),
		end: last.toString().slice(-1_000),
		grownBytes: max - before,
	};
	await sandbox.stop();
	process.stdout.write(JSON.stringify(seen));
}

void main(process.argv[2]!);
