import type { IDataObject } from 'n8n-workflow';
import { runModel, startWorld } from './world';

/*
 * Lets a model output 200 MB of JSON, and prints what the node makes of it and by how much the memory of
 * this process has grown. Its argument is the node's Wait For.
 */

/** What was seen. */
export interface HugeOutput {
	/** The JSON of the node's item. */
	json: IDataObject;
	/** How many predictions there are, and the ID of the first. */
	predictions: number;
	id: string;
	/** The most memory that the process had meanwhile, above what it had before, in bytes. */
	grownBytes: number;
}

async function main(waitFor: string): Promise<void> {
	const world = await startWorld();
	const before = process.memoryUsage().rss;
	let max = before;
	const watch = setInterval(() => (max = Math.max(max, process.memoryUsage().rss)), 20);
	const parameters = runModel('sandbox/huge', { inputJson: '{"megabytes":200}', waitFor });
	const onError = 'continueRegularOutput';
	let { items } = await world.run({ parameters, onError });
	const { id } = world.sandbox.predictions.all[0]!;
	if (waitFor === 'nothing') {
		const get = { operation: 'get', predictionId: id, waitUntilFinished: true };
		({ items } = await world.run({ parameters: get, onError }));
	}
	clearInterval(watch);
	const seen: HugeOutput = {
		json: items[0]!.json,
		predictions: world.sandbox.predictions.all.length,
		id,
		grownBytes: Math.max(max, process.memoryUsage().rss) - before,
	};
	await world.stop();
	process.stdout.write(JSON.stringify(seen));
}

void main(process.argv[2]!);
