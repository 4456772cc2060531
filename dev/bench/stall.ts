/**
 * How long n8n stands still, in a process of its own: prints `{ runMs, outputMs, hostileMs, webhookRatio }`.
 * The node is in n8n's engine; the API is another process.
 */
import { costOf, HostileWorld } from '../hostile/world';

const times = <T>(count: number, make: (at: number) => T) =>
	Array.from({ length: count }, (_, at) => make(at));
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const addresses = (count: number) => JSON.stringify(times(count, (at) => `https://x.y/${at}`));

/** A schema of 13 kB that names 270,000 nodes, as an output and as five inputs. */
const A = { allOf: times(900, () => ({})) };
const SCHEMA = JSON.stringify({
	components: {
		schemas: {
			A,
			Output: { anyOf: times(300, () => ref('A')) },
			Input: {
				properties: Object.fromEntries(
					times(5, (at) => [`k${at}`, { anyOf: times(300, () => ref('A')) }]),
				),
			},
		},
	},
});
const TOKENS = JSON.stringify({
	components: {
		schemas: {
			Output: { type: 'array', items: { type: 'string' }, 'x-cog-array-display': 'concatenate' },
		},
	},
});
const FILE_BYTES = 50_000;
const TRIES = 3;

async function main(): Promise<void> {
	const world = await HostileWorld.open();
	/** The least of a few tries: what another process delays is not counted. */
	const longest = async (run: () => Promise<unknown>) => {
		const tries: number[] = [];
		for (let count = 0; count < TRIES; count++) tries.push((await costOf(run)).stallMs);
		return Math.min(...tries);
	};
	await world.plan({ output: '"a"' });
	const file = Buffer.alloc(FILE_BYTES, 'x').toString('base64');
	const inputJson = JSON.stringify({ image: `data:image/png;base64,${file}` });
	await world.run(200, { inputJson });
	const runMs = await longest(async () => world.run(1_000, { inputJson }));

	const text = 'x'.repeat(100);
	await world.plan({ output: JSON.stringify(times(200_000, () => text)) });
	await world.run();
	const outputMs = await longest(async () => world.run());

	const hostile: number[] = [];
	await world.plan({ schema: SCHEMA, output: JSON.stringify(times(100, Number)) });
	hostile.push(await longest(async () => world.run()));
	await world.plan({ output: addresses(800_000) });
	hostile.push(await longest(async () => world.run()));
	for (const stream of [
		times(80_000, (at) => `event: output\nid: ${at}\ndata:  \n\n`).join(''),
		`data: ${'x'.repeat(30_000_000)}`,
	]) {
		await world.plan({ schema: TOKENS, output: '[]', stream });
		hostile.push(await longest(async () => world.run(1, {}, true)));
	}

	await world.plan({});
	const body = JSON.stringify({ id: 'a', model: 'a/b', status: 'succeeded', output: 'x' });
	const calls = async (count: number) => {
		for (let call = 0; call < count; call++) await world.call(body);
	};
	const cpuOf = async (count: number) => (await costOf(async () => calls(count))).cpuMs;
	await calls(100);
	const few = await cpuOf(300);
	await calls(9_300);
	const many = await cpuOf(300);
	await world.stop();
	const seen = { runMs, outputMs, hostileMs: Math.max(...hostile), webhookRatio: many / few };
	process.stdout.write(JSON.stringify(seen), () => process.exit(0));
}

void main();
