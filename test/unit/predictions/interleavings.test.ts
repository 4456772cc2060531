import * as fc from 'fast-check';
import type { InputObject } from '../../../nodes/shared/api/json';
import {
	DEPLOYMENT_PREDICTION,
	PREDICTION,
	TRAINING,
	type JobTarget,
} from '../../../nodes/shared/models/jobKind';
import { MODEL, play, wrongs, type ExecutionScript } from './executions';

/*
 * Two executions with equal inputs in one account. "They" begin at 20 s: their create arrives at 21 s,
 * is in the list at 22 s, and its response is there at 26 s, when it has ended. "We" lose our create
 * 1.5 s after it was sent, at each of the moments below.
 */
const THEIRS = 20_000;
const MOMENTS = {
	'long before their create': 8_000,
	'just before their create': 18_000,
	'with their create': 20_000,
	'before theirs arrives': 20_900,
	'before theirs is in the list': 21_500,
	'while theirs runs': 23_000,
	'before their response': 25_500,
	'after their response': 26_500,
	'after their end': 29_000,
	'long after their end': 60_000,
};
const OURS: Record<string, Partial<ExecutionScript>> = {
	'never arrives': { create: { breaks: 1_500 } },
	'arrives, and its response is lost': { create: { arrives: 500, breaks: 1_500 } },
	'arrives 3 s after its loss': { create: { arrives: 4_500, breaks: 1_500 } },
	'arrives half a minute late': { create: { arrives: 30_000, breaks: 1_500 } },
	'arrives, and is held': { create: { arrives: 500 } },
	'is held, and never arrives': { create: { breaks: 40_000 } },
};
const OUR_END: Record<string, Partial<ExecutionScript>> = {
	'goes on': {},
	'is stopped at once': { stops: 1 },
	'is stopped before its loss': { stops: 1_000 },
	'is stopped after its loss': { stops: 2_500 },
	'is stopped late': { stops: 9_000 },
	'has 2 s': { timeout: 2_000 },
};
const THEIR_END: Record<string, Partial<ExecutionScript>> = {
	'get their result': {},
	'are stopped': { stops: 3_000 },
	'have 3 s': { timeout: 3_000 },
	'lose their response, too': { create: { arrives: 1_000, breaks: 2_500 } },
	'lose their create, too': { create: { breaks: 2_500 } },
};

const theirs = (more: Partial<ExecutionScript> = {}): ExecutionScript => ({
	name: 'they',
	begins: THEIRS,
	create: { arrives: 1_000 },
	...more,
});

describe.each(Object.entries(MOMENTS))('when we create %s', (_moment, begins) => {
	describe.each(Object.entries(OURS))('and ours %s', (_ours, ours) => {
		describe.each(Object.entries(OUR_END))('and our execution %s', (_end, end) => {
			it.each(Object.entries(THEIR_END))(
				'and they %s, all have what is theirs',
				async (_name, their) => {
					for (const listLateMs of [1_000, 4_000]) {
						const we = { name: 'we', begins, create: {}, ...ours, ...end };
						const { fake, all } = await play({ listLateMs }, we, theirs(their));
						expect(wrongs(fake, all)).toEqual([]);
						expect(fake.creates).toHaveLength(2);
						if (Object.keys(their).length === 0)
							expect(all[1]!.result).toMatchObject({ status: 'succeeded' });
					}
				},
			);
		});
	});
});

describe('what the list cannot tell apart', () => {
	const V = 'a'.repeat(64);
	const trained = (destination: string): JobTarget => ({
		kind: TRAINING,
		version: V,
		trained: 'acme/model',
		destination,
	});
	const version: JobTarget = { kind: PREDICTION, version: V };
	const deployed = (deployment: string): JobTarget => ({
		kind: DEPLOYMENT_PREDICTION,
		version: V,
		deployment,
	});
	const same = { target: MODEL, input: { prompt: 'equal' } };

	it.each<[string, Partial<ExecutionScript>, Partial<ExecutionScript>]>([
		['trainings for two destinations', { target: trained('a/a') }, { target: trained('a/b') }],
		['a model by its name and by its version', same, { ...same, target: version }],
		['a version and a deployment of it', { target: version }, { target: deployed('a/x') }],
		['deployments of the same version', { target: deployed('a/x') }, { target: deployed('a/y') }],
		['a further file, which the list omits', same, { input: { prompt: 'equal', f: 'data:,x' } }],
		['a further null, which the list omits', same, { input: { prompt: 'equal', f: null } }],
	])('%s: neither is taken for the other', async (_what, one, other) => {
		for (const [ours, their] of [
			[one, other],
			[other, one],
		] as const) {
			for (const name of ['they', 'we']) {
				// Ours never arrives, theirs is still held, then both are lost.
				for (const create of [{ arrives: 100 }, { arrives: 100, breaks: 300 }]) {
					const { fake, all } = await play(
						{ hidesDeployments: true },
						{ name: 'we', begins: 0, create: { breaks: 200 }, ...ours },
						{ name, begins: 0, create, ...their },
					);
					expect(wrongs(fake, all)).toEqual([]);
					expect(all[0]!.error).toMatchObject({ facts: { code: 'createUnknown' } });
					if (!('breaks' in create)) expect(all[1]!.result!.status).toBe('succeeded');
				}
			}
		}
	});

	it('a prediction with inputs that the list hides is not taken for one without any', async () => {
		for (const listedInput of ['none', 'missing'] as const) {
			const { fake, all } = await play(
				{ listedInput },
				{ name: 'we', begins: 0, create: { breaks: 200 }, input: {} },
				{ name: 'they', begins: 0, create: { arrives: 100 } },
			);
			expect(wrongs(fake, all)).toEqual([]);
			expect(all[0]!.error).toMatchObject({ facts: { code: 'createUnknown' } });
		}
	});
});

describe('what is certain', () => {
	const lost = { arrives: 100, breaks: 500 };

	it.each([
		['alone', []],
		['beside another input', [{ input: { prompt: 'other' }, create: lost }]],
		['beside another version', [{ target: { kind: PREDICTION, version: 'a/b' }, create: lost }]],
		['after an equal one that they have', [{ begins: 0, create: { arrives: 0 } }]],
		['beside an equal one whose response is still to come', [{ create: { arrives: 50 } }]],
		['beside an equal item of the same run', [{ name: 'we', create: lost }]],
		['long after an equal one was lost', [{ begins: 0, create: { breaks: 10 } }]],
	] as Array<[string, Array<Partial<ExecutionScript>>]>)(
		'a lost create finds its prediction %s',
		async (_what, others) => {
			const { fake, all } = await play(
				{ listLateMs: 2_000 },
				{ name: 'we', begins: 400_000, create: lost },
				...others.map((other) => theirs({ begins: 400_000, ...other })),
			);
			expect(wrongs(fake, all)).toEqual([]);
			expect(all[0]!.result).toMatchObject({ status: 'succeeded' });
		},
	);

	it('is not what another process may have created', async () => {
		const { fake, all } = await play(
			{},
			{ name: 'we', begins: 0, create: { arrives: 100, breaks: 500 } },
			{ name: 'elsewhere', begins: 0, create: { arrives: 100 }, isElsewhere: true },
		);
		expect(all[0]!.error).toMatchObject({
			facts: { code: 'createUnknown', ids: expect.arrayContaining(fake.runs.map(({ id }) => id)) },
		});
	});
});

describe('any executions in any order', () => {
	const ms = (max: number) => fc.integer({ min: 0, max });
	const create = fc.record(
		{ arrives: ms(10_000), breaks: ms(8_000), refusedWith: fc.constantFrom(429, 422) },
		{ requiredKeys: [] },
	);
	const script: fc.Arbitrary<ExecutionScript> = fc.record(
		{
			name: fc.constantFrom('one', 'two', 'three'),
			begins: ms(12_000),
			create: create.filter(({ refusedWith }) => refusedWith !== 429),
			stops: ms(15_000),
			timeout: ms(9_000),
			onTimeout: fc.constantFrom('cancel', 'leave'),
			cancels: fc.array(fc.constantFrom('ok', 'unavailable', 'lost', 'late'), { maxLength: 8 }),
			input: fc.constantFrom<InputObject[]>(
				{ prompt: 'equal' },
				{ prompt: 'equal', file: 'data:,x' },
			),
		},
		{ requiredKeys: ['name', 'begins', 'create'] },
	);
	const behaviour = fc.record({
		runMs: fc.constantFrom(50, 3_000, 20_000),
		endsAs: fc.constantFrom('succeeded', 'succeeded', 'failed'),
		listLateMs: fc.constantFrom(0, 1_500, 9_000),
		getLateMs: fc.constantFrom(0, 1_200),
		cancelLateMs: fc.constantFrom(50, 4_000, 60_000),
	});

	it('have what is theirs, and say what is so', async () => {
		await fc.assert(
			fc.asyncProperty(
				behaviour,
				fc.array(script, { minLength: 1, maxLength: 5 }),
				async (as, all) => {
					const { fake, all: ended } = await play(as, ...all);
					expect(wrongs(fake, ended)).toEqual([]);
					expect(fake.creates.length).toBeLessThanOrEqual(all.length);
				},
			),
			{ numRuns: Number(process.env.CAMPAIGN_RUNS ?? 400) },
		);
	}, 600_000);
});
