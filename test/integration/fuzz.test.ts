import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import type { IExecuteFunctions, INode, INodeParameters } from 'n8n-workflow';
import pMap from 'p-map';
import { resources } from '../../nodes/Replicate/actions/resources';
import { dispatch } from '../../nodes/Replicate/actions/dispatch';
import { patience } from '../timing';
import { startWorld, type World } from './world';

/** Fixed, so that a failure comes again; FUZZ_SEED and FUZZ_RUNS change them. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_101);
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);
/** Whoever takes longer hangs, in ms. */
const HANG_MS = 30_000;
const TOKEN = `r8_${'Fz9'.repeat(12)}y`;

/** Words of JavaScript itself: whoever reads them has met a hole in the node. */
const NOT_OURS =
	/cannot read|is not a function|is not iterable|not an object|call stack|invalid time|cannot convert|is not defined|\[object|cannot mix|cannot destructure|reading '/i;

/** Running a model, the largest of them, comes up more often. */
const operations = [
	...Object.entries(resources).flatMap(([resource, ofResource]) =>
		Object.keys(ofResource.operations).map((operation) => [resource, operation] as const),
	),
	...Array.from({ length: 3 }, () => ['prediction', 'run'] as const),
];

/** Values that suit every operation; n8n takes away what an operation has no field for. */
const suited: Record<string, unknown> = {
	model: { __rl: true, mode: 'name', value: 'sandbox/says' },
	deployment: { __rl: true, mode: 'name', value: 'sandbox/nothing' },
	inputJson: '{"output":"\\"x\\""}',
	waitFor: 'result',
	predictionId: 'abc',
	trainingId: 'abc',
	fileId: 'abc',
	binaryField: 'data',
	collection: 'official',
	hardware: 'cpu',
	name: 'fuzz',
	modelName: 'sandbox/fuzz',
	destination: 'sandbox/fuzz',
	query: 'says',
	limit: 5,
	changes: { hardware: 'cpu' },
	page: { description: 'x' },
	options: {},
	filters: {},
};

/** What is replaced by something hostile. */
const targets = [
	...Object.keys(suited),
	...[
		'target',
		'inputFields',
		'fileInputs',
		'simplify',
		'downloadFiles',
		'returnAll',
		'visibility',
	],
	...[
		'fileInputs.values',
		'inputFields.value',
		'waitUntilFinished',
		'minInstances',
		'maxInstances',
	],
	...[
		'fileRouting',
		'maxInlineKb',
		'dataUriMaxBytes',
		'onTimeout',
		'concurrency',
		'outputItems',
		'deleteUploads',
	].map((name) => `options.${name}`),
	...[
		'maxFileMb',
		'maxFileBytes',
		'outputHosts',
		'outputFileName',
		'webhookUrl',
		'webhookEvents',
		'version',
	].map((name) => `options.${name}`),
	...['createdAfter', 'createdBefore', 'model', 'source', 'status'].map(
		(name) => `filters.${name}`,
	),
	...['minInstances', 'version'].map((name) => `changes.${name}`),
];

const oddValue = fc.oneof(
	fc.constantFrom<unknown>(null, '', ' ', 0, -1, 1e308, 2 ** 53, true, false, [], [[]], {}),
	fc.constantFrom<unknown>(
		'../..',
		'a/b',
		'a/b:c',
		'\u202e\u0000',
		'x'.repeat(20_000),
		'=',
		'\ud800',
	),
	fc.constantFrom<unknown>('https://replicate.com/a/b', 'data:,x', 'data:;base64', '__proto__'),
	fc.constant<unknown>({ toString: 1, valueOf: 1 }),
	fc.constantFrom<unknown>(
		{ mimeType: 'image/png', id: 'filesystem-v2:../../../../etc/passwd' },
		{ x: { mimeType: 'image/png', id: 'filesystem-v2:../x', bytes: 5 } },
		{ x: { mimeType: 5, data: [1] }, y: [{ mimeType: 'a/b', data: 5 }] },
	),
	fc.constant<unknown>(JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":1}}')),
	fc.constant<unknown>(JSON.parse('['.repeat(400) + ']'.repeat(400))),
	fc.string({ unit: 'binary' }),
	fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
);
const oddParameter = fc.oneof(
	oddValue,
	fc
		.constantFrom<unknown>(
			...['undefined', 'null', 'NaN', 'Infinity', '-0', 'new Date()', '$now', '[1, [2]]', '$json'],
			...['({ toString: 1 })', '"x".repeat(99999)', '({}).y.z', '[undefined]', '$binary.data'],
		)
		.map((expression) => `={{ ${String(expression)} }}`),
);

interface Failure {
	name: string;
	message: string;
	description?: string | null;
}

/** What is wrong with how a run ended, or `undefined`. */
function complaint(error: Failure | undefined, output: unknown): string | undefined {
	if (JSON.stringify(output).includes(TOKEN)) return 'the token is in the output';
	if (!error) return undefined;
	const words = `${error.message} ${error.description ?? ''}`;
	if (words.includes(TOKEN)) return 'the token is in the error';
	if (NOT_OURS.test(words)) return `not our words: ${words}`;
	const isOurs = ['NodeApiError', 'NodeOperationError'].includes(error.name);
	// n8n itself refuses some values before the node is asked.
	const isN8ns =
		/^Could not (?:get parameter|find property)|Expression|ERROR:|extract|^The value/i.test(
			`${error.message} ${error.name}`,
		);
	return (isOurs && / \[item 0\]$/.test(error.message)) || isN8ns
		? undefined
		: `${error.name}: ${words}`;
}

function setAt(parameters: Record<string, unknown>, path: string, value: unknown): void {
	const [first, second] = path.split('.') as [string, string?];
	if (second === undefined) parameters[first] = value;
	else parameters[first] = { ...(parameters[first] as object), [second]: value };
}

describe('whatever a builder sets', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld('filesystem', { tokens: { [TOKEN]: 'sandbox' }, bootMs: 1 });
	});
	afterAll(async () => await world.stop());

	it(`ends in a result or a clear error, and one create at most (seed ${SEED})`, async () => {
		const changes = fc.array(fc.tuple(fc.constantFrom(...targets), oddParameter), {
			minLength: 1,
			maxLength: 3,
		});
		const cases = fc.sample(fc.tuple(fc.constantFrom(...operations), changes), {
			seed: SEED,
			numRuns: RUNS,
		});
		const item = await world.fileItem(Buffer.from('x'), 'x.txt', 'text/plain');
		const isCreate = ({ method, path }: { method: string; path: string }) =>
			method === 'POST' && /^\/v1\/(predictions|.*\/(predictions|trainings))$/.test(path);
		for (const [[resource, operation], changed] of cases) {
			const parameters = structuredClone({ ...suited, resource, operation });
			for (const [path, value] of changed) setAt(parameters, path, value);
			const before = world.sandbox.requests.length;
			const settings = { parameters: parameters as INodeParameters };
			// Some values n8n refuses before anything runs.
			const odd = { ...item, json: { _files: changed[0]![1] as never } };
			const result = await world.run(settings, [odd]).catch(() => undefined);
			if (!result) continue;
			const { run, items, error } = result;
			const creates = world.sandbox.requests.slice(before).filter(isCreate).length;
			const wrong = complaint(error, [items, run.data.resultData.error?.message]);
			expect({ resource, operation, changed, creates, wrong }).toEqual({
				...{ resource, operation, changed },
				creates: Math.min(creates, 1),
				wrong: undefined,
			});
		}
	}, 600_000);
});

/** Right answers, as Replicate gives them, by the end of their path. */
function rightAnswer(method: string, path: string, origin: string): unknown {
	const schemas = {
		Input: {
			properties: {
				image: { type: 'string', format: 'uri', 'x-order': 0 },
				count: { allOf: [{ $ref: '#/components/schemas/count' }], default: 1 },
				prompt: { type: 'string', default: 'x', maxLength: 50 },
			},
			required: ['prompt'],
		},
		TrainingInput: { properties: { data: { type: 'string' } } },
		count: { type: 'integer', enum: [1, 2], title: 'count' },
		Output: { type: 'array', items: { type: 'string', format: 'uri' } },
	};
	const version = {
		id: 'c'.repeat(64),
		created_at: '2026-01-01T00:00:00Z',
		openapi_schema: { components: { schemas } },
	};
	const prediction = {
		...{ id: 'abc', status: 'succeeded', model: 'a/b', version: 'c'.repeat(64), error: null },
		...{
			input: { prompt: 'x' },
			output: [`${origin}/out.png`],
			logs: ' 50%|##  | 1/2',
			metrics: { predict_time: 1 },
		},
		...{ created_at: new Date().toISOString(), completed_at: '2026-01-01T00:00:01Z' },
		urls: { get: `${origin}/v1/predictions/abc`, web: 'https://replicate.com/p/abc' },
	};
	const model = {
		...{
			owner: 'a',
			name: 'b',
			description: 'x',
			run_count: 5,
			is_official: false,
			visibility: 'public',
		},
		...{ latest_version: version, default_example: prediction, url: 'https://replicate.com/a/b' },
	};
	const release = { model: 'a/b', version: version.id, configuration: { hardware: 'cpu' } };
	const deployment = { owner: 'a', name: 'b', current_release: release };
	const file = { id: 'abc', name: 'x', size: 1, urls: { get: `${origin}/v1/files/abc` } };
	const collection = { name: 'A', slug: 'a', description: 'x', models: [model, model] };
	const page = (one: unknown) => ({ previous: null, next: null, results: [one, one] });
	const answers: Array<[RegExp, unknown]> = [
		[/\/account$/, { type: 'user', username: 'x' }],
		[/\/hardware$/, [{ name: 'CPU', sku: 'cpu' }]],
		[/\/search$/, { models: [{ model }] }],
		[/\/collections$/, page(collection)],
		[/\/collections\/[^/]+$/, collection],
		[/\/models\/a\/b\/versions$/, page(version)],
		[/\/versions\/[^/]+$/, version],
		[/\/examples$/, page(prediction)],
		[/\/models$/, method === 'POST' ? model : page(model)],
		[/\/models\/a\/b$/, model],
		[/\/deployments$/, method === 'POST' ? deployment : page(deployment)],
		[/\/deployments\/a\/b$/, deployment],
		[/\/files$/, method === 'POST' ? file : page(file)],
		[/\/files\/abc$/, file],
		[/\/(?:predictions|trainings)$/, method === 'POST' ? prediction : page(prediction)],
		[/./, prediction],
	];
	return structuredClone(answers.find(([pattern]) => pattern.test(path))![1]);
}

/** Replaces or removes one part of an answer, found by walking down as the numbers say. */
function mutated(answer: unknown, steps: number[], value: unknown): unknown {
	const [step, ...rest] = steps;
	if (step === undefined || typeof answer !== 'object' || answer === null) return value;
	const keys = Object.keys(answer);
	if (keys.length === 0) return value;
	const key = keys[step % keys.length]!;
	const parts = answer as Record<string, unknown>;
	if (rest.length === 0 && step % 5 === 0) delete parts[key];
	else parts[key] = mutated(parts[key], rest, value);
	return answer;
}

describe('whatever Replicate answers', () => {
	interface Plan {
		mutations: Array<[steps: number[], value: unknown]>;
		creates: number;
	}
	const plans: Plan[] = [];
	let server: Server;
	let origin: string;

	beforeAll(async () => {
		server = createServer((request, response) => {
			request.resume();
			const [, index, path = ''] = /^\/case\/(\d+)\/v1([^?]*)/.exec(request.url!) ?? [];
			const plan = plans[Number(index)];
			if (!plan) return void response.writeHead(200, { 'content-type': 'image/png' }).end('x');
			const method = request.method!;
			if (method === 'POST' && /\/(?:predictions|trainings)$/.test(path)) plan.creates += 1;
			if (path.endsWith('/readme')) return void response.end('# x');
			let answer = rightAnswer(method, path, origin);
			for (const [steps, value] of plan.mutations) {
				answer = mutated(answer, steps, structuredClone(value));
			}
			response
				.writeHead(method === 'POST' ? 201 : 200, { 'content-type': 'application/json' })
				.end(JSON.stringify(answer) ?? 'null');
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterAll(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});

	/** As much of n8n as the operations ask for. */
	function context(index: number, parameters: Record<string, unknown>) {
		const binary = { data: { data: 'eA==', mimeType: 'text/plain', fileName: 'x.txt' } };
		const memory = {};
		const node = { id: 'r', name: 'Replicate', type: 'replicate', typeVersion: 1 } as INode;
		return {
			getInputData: () => [{ json: {}, binary }],
			getNode: () => node,
			getTimezone: () => 'UTC',
			continueOnFail: () => false,
			getContext: () => memory,
			getExecutionId: () => String(index),
			getWorkflowDataProxy: () => ({ $runIndex: 0, $execution: { resumeUrl: '' } }),
			getCredentials: async () => ({ apiToken: TOKEN, baseUrl: `${origin}/case/${index}/v1` }),
			getNodeParameter(
				path: string,
				_item: number,
				fallback: unknown,
				options?: { extractValue?: boolean },
			) {
				const value = path
					.split('.')
					.reduce(
						(at: unknown, key) => (at as Record<string, unknown> | undefined)?.[key],
						parameters,
					);
				if (value === undefined) return fallback;
				return options?.extractValue ? (value as { value: unknown }).value : value;
			},
			helpers: {
				prepareBinaryData: async (
					bytes: AsyncIterable<Buffer>,
					fileName: string,
					mimeType: string,
				) => {
					const data = [];
					for await (const piece of bytes) data.push(piece);
					return { data: Buffer.concat(data).toString('base64'), fileName, mimeType };
				},
			},
		} as unknown as IExecuteFunctions;
	}

	it(`ends in a result or a clear error, and one create at most (seed ${SEED})`, async () => {
		const chosen = { __rl: true, mode: 'name', value: 'a/b' };
		const mutations = fc.array(
			fc.tuple(fc.array(fc.nat(1_000), { minLength: 0, maxLength: 6 }), oddValue),
			{ minLength: 1, maxLength: 4 },
		);
		const cases = fc.sample(fc.tuple(fc.constantFrom(...operations), mutations), {
			seed: SEED,
			numRuns: RUNS * 4,
		});
		const wrong = await pMap(
			cases,
			async ([[resource, operation], mutations], index) => {
				plans[index] = { mutations, creates: 0 };
				const parameters = {
					...{ ...suited, resource, operation, model: chosen, deployment: chosen },
					...{ inputJson: { prompt: 'x' }, options: { timeout: 3 }, waitUntilFinished: true },
				};
				const ended = dispatch.call(context(index, parameters)).then(
					(items) => ({ items, error: undefined }),
					(error: Failure) => ({ items: [], error }),
				);
				const late = { items: [], error: { name: 'Late', message: 'it hangs' } };
				const timer = new AbortController();
				const outcome = await Promise.race([
					ended,
					patience(HANG_MS, timer.signal).then(
						() => late,
						() => late,
					),
				]);
				timer.abort();
				const { creates } = plans[index];
				const words = creates > 1 ? `${creates} creates` : complaint(outcome.error, outcome.items);
				return words === undefined ? [] : [{ resource, operation, words, mutations }];
			},
			{ concurrency: 100 },
		);
		expect(wrong.flat()).toEqual([]);
	}, 600_000);
});
