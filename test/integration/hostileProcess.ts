import { costOf, HostileWorld, type Cost } from '../../dev/hostile/world';
import type { HostilePlan } from '../../dev/hostile/plan';
import { randomNumbers } from '../randomNumbers';
import { growthBetween, leastGrowth } from '../unit/growth';
import { Shapes } from '../unit/hostileShapes';

/*
 * Gives the built node what a stranger may write, in two sizes, and prints what the larger one cost. Its
 * arguments are a seed, and how many shapes of each kind are tried.
 */

/** The worst of each kind. */
export interface HostileRuns {
	costs: Array<Cost & { what: string; growth: number }>;
	/** Errors that nobody has handled. */
	unhandled: string[];
}

/** Its tokens are passed on. */
const TOKENS = {
	components: {
		schemas: {
			Output: { type: 'array', items: { type: 'string' }, 'x-cog-array-display': 'concatenate' },
		},
	},
};

type Draw = (shapes: Shapes) => (size: number) => HostilePlan;

const KINDS: Record<string, { size: number; draw: Draw; isStreaming?: true }> = {
	schemas: {
		size: 400,
		draw: (shapes) => {
			const schema = shapes.schema();
			const output = JSON.stringify(Array.from({ length: 100 }, (_, at) => at));
			return (size) => ({ schema: JSON.stringify(schema(size)), output });
		},
	},
	outputs: {
		size: 10_000,
		draw: (shapes) => {
			const [output, schema] = [shapes.json(), shapes.schema()];
			return (size) => ({
				schema: JSON.stringify(schema(100)),
				output: JSON.stringify(output(size)),
			});
		},
	},
	streams: {
		size: 5_000,
		isStreaming: true,
		draw: (shapes) => {
			const tokens = shapes.tokens();
			return (size) => ({
				schema: JSON.stringify(TOKENS),
				output: '[]',
				stream: tokens(size)
					.map((token, at) => `event: output\nid: ${at}\ndata: ${token}\n\n`)
					.join(''),
			});
		},
	},
	'raw streams': {
		size: 100_000,
		isStreaming: true,
		draw: (shapes) => {
			const text = shapes.text();
			return (size) => ({ schema: JSON.stringify(TOKENS), output: '[]', stream: text(size) });
		},
	},
	'bodies of gateways': {
		size: 10_000,
		draw: (shapes) => {
			const [json, text] = [shapes.json(), shapes.text()];
			return (size) => ({
				refusal: { status: 422, body: `${JSON.stringify(json(size))}${text(0)}` },
			});
		},
	},
};

async function main([seed, runs]: number[]): Promise<void> {
	const world = await HostileWorld.open();
	const shapes = new Shapes(randomNumbers(seed));
	const costs: HostileRuns['costs'] = [];
	/** The cheapest of a few tries: whatever else this process does is not counted. */
	const cheapest = async (run: () => Promise<unknown>) => {
		const tries: Cost[] = [];
		for (let count = 0; count < 2; count++) tries.push(await costOf(run));
		return tries.sort((one, other) => one.cpuMs - other.cpuMs)[0]!;
	};
	await world.plan({});
	await world.run();
	/** What the larger size costs, and how it grows beyond a run with nothing to read. */
	const compare = async (size: number, measure: (size: number) => Promise<Cost>) => {
		let many: Cost | undefined;
		const growth = await leastGrowth(async () => {
			await world.plan({});
			const base = (await cheapest(async () => world.run())).cpuMs;
			const few = await measure(size);
			many = await measure(4 * size);
			return growthBetween(size, few.cpuMs - base, many.cpuMs - base);
		});
		return { ...many!, growth };
	};
	const note = (cost: HostileRuns['costs'][number]) => {
		const known = costs.find(({ what }) => what === cost.what);
		if (!known) costs.push(cost);
		else if (cost.growth > known.growth || cost.stallMs > known.stallMs) {
			known.growth = Math.max(known.growth, cost.growth);
			known.stallMs = Math.max(known.stallMs, cost.stallMs);
			known.addedMb = Math.max(known.addedMb, cost.addedMb);
		}
	};
	for (let run = 0; run < Math.ceil(runs! / 6); run++) {
		for (const [what, { size, draw, isStreaming }] of Object.entries(KINDS)) {
			const make = draw(shapes);
			const measure = async (length: number) => {
				await world.plan(make(length));
				return await cheapest(async () => world.run(1, {}, isStreaming));
			};
			note({ what, ...(await compare(size, measure)) });
		}
		const output = shapes.json();
		const call = async (size: number) => {
			const body = JSON.stringify({
				id: 'a',
				model: 'a/b',
				status: 'succeeded',
				output: output(size),
			});
			return await cheapest(async () => world.call(body));
		};
		note({ what: 'webhooks', ...(await compare(10_000, call)) });
	}
	// n8n takes 16 MiB.
	const forge = async (size: number) => {
		const body = `{"id":"a","status":"succeeded","logs":"${'x'.repeat(size)}"}`;
		return await cheapest(async () => {
			if ((await world.call(body, { isForged: true })) !== 401) throw new Error('Not refused');
		});
	};
	note({ what: 'forged webhooks', ...(await compare(3_750_000, forge)) });
	const unhandled = world.unhandled.map(String);
	await world.stop();
	process.stdout.write(JSON.stringify({ costs, unhandled } satisfies HostileRuns), () =>
		process.exit(0),
	);
}

void main(process.argv.slice(2).map(Number));
