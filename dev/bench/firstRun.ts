/**
 * What the first execution of a node costs beyond later ones, in a process in which n8n has run others:
 * `firstRun.ts <folder of the package> <base URL> <token>`. Prints `{ cpuMs }`. It runs in plain Node:
 * what reads TypeScript would read the package's files as well, at its own price.
 */
import type { INodeParameters } from 'n8n-workflow';
import { startEngine } from '../engine/engine';
import { bareNodeOf } from './contestants/bareNode';
import { OURS, workflowWith } from './contestants/node';
import { medianOf } from './statistics';

const OTHERS = 20;
const LATER = 20;

async function main([packageFolder, baseUrl, token]: string[]): Promise<void> {
	const bare = bareNodeOf(baseUrl!);
	const engine = await startEngine({
		packageFolder: packageFolder!,
		binaryMode: 'filesystem',
		credential: { apiToken: token!, baseUrl: baseUrl! },
		nodes: { [bare.type]: bare.node! },
	});
	const cpuMsOf = async (type: string, parameters: INodeParameters) => {
		const cpu = process.cpuUsage();
		const { data } = await engine.start(workflowWith(type, parameters), [{ json: { seconds: 0 } }])
			.finished;
		if (data.resultData.error) throw data.resultData.error;
		const { user, system } = process.cpuUsage(cpu);
		return (user + system) / 1_000;
	};
	for (let count = 0; count < OTHERS; count++) await cpuMsOf(bare.type, bare.wait(1));
	// The heap of n8n is large: a collection that falls into it by chance costs as much as all of it.
	globalThis.gc!();
	const first = await cpuMsOf(OURS.type, OURS.wait(1));
	const later: number[] = [];
	for (let count = 0; count < LATER; count++) later.push(await cpuMsOf(OURS.type, OURS.wait(1)));
	process.stdout.write(JSON.stringify({ cpuMs: first - medianOf(later) }), () => process.exit(0));
}

void main(process.argv.slice(2));
