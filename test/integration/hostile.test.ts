import { resolve } from 'node:path';
import { readInput } from '../../nodes/jobs/input/input';
import { modelForm } from '../../nodes/Replicate/panel/form';
import { InputError } from '../../nodes/shared/api/errors';
import { stringifyJson, type JsonObject, type JsonValue } from '../../nodes/shared/api/json';
import { oneLine } from '../../nodes/shared/api/oneLine';
import { errorFromResponse } from '../../nodes/shared/api/responseError';
import { secretsOf, withoutSecrets } from '../../nodes/shared/api/secrets';
import { MODEL_SHAPE, PREDICTION_SHAPE, type Prediction } from '../../nodes/shared/api/shapes';
import { AnswerStream, readAnswer } from '../../nodes/shared/chat/answer';
import { isLanguageModel, languageModelOf } from '../../nodes/shared/chat/languageModel';
import { schemaFault } from '../../nodes/shared/chat/schemaFault';
import { readToolAnswer, toolPrompt } from '../../nodes/shared/chat/toolPrompt';
import { callIdsOf } from '../../nodes/shared/chat/tools';
import { withoutMarks, withoutPlainMarks } from '../../nodes/shared/chat/turnMarks';
import { readAddress } from '../../nodes/shared/files/address';
import { denseBase64 } from '../../nodes/shared/files/base64';
import { sentFileName } from '../../nodes/shared/files/binaryFile';
import { parseDataUri } from '../../nodes/shared/files/dataUri';
import { likenessOf } from '../../nodes/shared/files/likeness';
import { modelDetails } from '../../nodes/shared/models/describe';
import { parseModelReference } from '../../nodes/shared/models/modelReference';
import { idInAddress } from '../../nodes/shared/models/replicatePage';
import { defaultNames } from '../../nodes/shared/outputs/fileNames';
import { fieldNames, nameAndType } from '../../nodes/shared/outputs/names';
import { readOutput } from '../../nodes/shared/outputs/shape';
import { errorText, wholeError } from '../../nodes/shared/predictions/errorText';
import { failureOf } from '../../nodes/shared/predictions/failures';
import { inputDigest, listable } from '../../nodes/shared/predictions/find';
import { progressJson } from '../../nodes/shared/predictions/progress';
import { simplified, withoutData } from '../../nodes/shared/predictions/simplify';
import { isTokenText } from '../../nodes/shared/predictions/streamText';
import { modelInputs } from '../../nodes/shared/schema/modelInputs';
import { readSignedWebhook } from '../../nodes/shared/webhooks/signature';
import { signedHeaders, WEBHOOK_SECRET } from '../../dev/hostile/plan';
import { inOwnProcess } from '../ownProcess';
import { randomNumbers } from '../randomNumbers';
import { growthOf, MAX_GROWTH } from '../unit/growth';
import { Shapes, type Grown } from '../unit/hostileShapes';
import type { HostileRuns } from './hostileProcess';

/*
 * Whatever a stranger writes, what it costs grows with its size, and not faster: schemas, outputs,
 * streams, webhooks and bodies of gateways are drawn at random, and given to what reads them in two
 * sizes. HOSTILE_SEED repeats a run, HOSTILE_RUNS=500 is a long one.
 */

const DAY_MS = 86_400_000;
const SEED = Number(process.env.HOSTILE_SEED ?? Math.floor(Date.now() / DAY_MS));
/** How many shapes each reader is given. */
const RUNS = Number(process.env.HOSTILE_RUNS ?? 6);

/** In CPU time, in ms: what is faster at the larger size is not measured more closely. */
const NOT_SLOW_MS = 15;

/** What refuses says so with an error; that is as good as an answer. */
const tried = (read: () => unknown) => {
	try {
		read();
	} catch (error) {
		expect(error).toBeInstanceOf(InputError);
	}
};

const tools = [
	{
		name: 'send',
		parameters: { type: 'object', properties: { to: { type: 'string' } } } as JsonObject,
	},
];
const language = { name: 'a/b', parameters: {}, images: undefined } as never;
const secrets = secretsOf('r8_a_secret_token', ['Bearer another "secret"']);
const baseUrl = new URL('https://api.replicate.com/v1');
const prediction = (parts: object) =>
	({ id: 'abc', model: 'a/b', status: 'failed', ...parts }) as unknown as Prediction;
const collected = { files: [], binary: {} } as never;

const ofText: Record<string, (text: string) => unknown> = {
	'a line': (text) => oneLine(text),
	'an error of a model': (text) => [
		errorText(prediction({ error: text })),
		wholeError(prediction({ error: text })),
		failureOf(text),
	],
	'a log': (text) => progressJson(prediction({ status: 'processing', logs: text })),
	'a body of a gateway': (text) => errorFromResponse(422, { 'retry-after': text }, text),
	'a body of a gateway that limits': (text) =>
		errorFromResponse(429, {}, JSON.stringify({ detail: text })),
	'a response with secrets': (text) => [
		withoutSecrets(text, secrets),
		withoutSecrets(JSON.stringify({ a: text }), secrets),
	],
	'an answer with calls': (text) => readToolAnswer(text, tools, callIdsOf('a')),
	'an answer': (text) => readAnswer(prediction({ output: [text] }), language, tools),
	'a turn': (text) => [withoutMarks(text), withoutPlainMarks(text)],
	'a file’s name': (text) => [
		sentFileName(text, text),
		nameAndType({ stem: text, name: text, contentType: text }),
		fieldNames([text, text], text),
	],
	'a file’s address': (text) => [readAddress(text, baseUrl), likenessOf(text), parseDataUri(text)],
	base64: (text) => denseBase64(text),
	'an output': (text) => readOutput(text),
	'a reference to a model': (text) => [parseModelReference(text), idInAddress(text, 'predictions')],
	'what was handed over': (text) => {
		const inputJson = { text, image: text, images: text, count: text, tags: text, camera: text };
		for (const [name, value] of Object.entries(inputJson)) {
			const parameter = (path: string, otherwise: unknown) =>
				path === 'inputJson' ? { [name]: value } : otherwise;
			tried(() => readInput({ parameter }, HANDED_OVER));
		}
	},
};

const HANDED_OVER = modelInputs({
	components: {
		schemas: {
			Input: {
				properties: {
					text: { type: 'string' },
					image: { type: 'string', format: 'uri' },
					images: { type: 'array', items: { type: 'string', format: 'uri' } },
					count: { type: 'integer' },
					tags: { type: 'array', items: { type: 'string' } },
					camera: { type: 'object', properties: { zoom: { type: 'integer' } } },
				},
			},
		},
	},
} as never)!;

const ofJson: Record<string, (value: JsonValue) => unknown> = {
	'an output': (value) => {
		const read = readOutput(value);
		const names = defaultNames({ id: 'abc', model: 'a/b' }, read.files);
		fieldNames(
			read.files.map(({ key }) => key),
			'data',
		);
		return names.map((name) => name('x.png'));
	},
	'a prediction': (value) => {
		const parts = { output: value, metrics: value, logs: value, urls: value, input: value };
		for (const [name, part] of Object.entries(parts)) {
			PREDICTION_SHAPE({ ...prediction({}), [name]: part });
		}
		return simplified(prediction({ output: value, error: value }), collected);
	},
	'an input in a list': (value) => [
		listable({ a: value } as never),
		inputDigest({ a: value } as never),
		withoutData({ a: value }),
	],
	'a body of a gateway': (value) => errorFromResponse(500, {}, stringifyJson(value)),
	'a response with secrets': (value) => withoutSecrets(stringifyJson(value), secrets),
	'an answer with native calls': (value) =>
		readAnswer(
			prediction({ output: value }),
			{ ...(language as object), tools: 'x' } as never,
			tools,
		),
	'a call': (value) =>
		readToolAnswer(
			JSON.stringify({ tool_calls: [{ name: 'send', arguments: { to: value } }] }),
			tools,
			callIdsOf('a'),
		),
	'a webhook': (value) => {
		const body = stringifyJson({ ...prediction({}), output: value });
		return readSignedWebhook(WEBHOOK_SECRET, {
			rawBody: Buffer.from(body),
			headers: signedHeaders('msg_1', body),
		});
	},
	'what was handed over': (value) => {
		for (const name of ['text', 'image', 'images', 'tags', 'camera']) {
			const parameter = (path: string, otherwise: unknown) =>
				path === 'inputJson' ? { [name]: value } : otherwise;
			tried(() => readInput({ parameter }, HANDED_OVER));
		}
	},
};

const ofSchema: Record<string, (document: never, size: number) => unknown> = {
	'a form': (document) => {
		const inputs = modelInputs(document) ?? [];
		return [modelForm(inputs), modelForm(inputs, {}, { forAgent: true })];
	},
	'a language model': (document) => {
		const inputs = modelInputs(document) ?? [];
		const named = { name: 'a/b', version: 'c', inputs, schema: document } as never;
		return [isLanguageModel(document), isTokenText(document), languageModelOf(named)];
	},
	'a description': (document) => {
		const model = { owner: 'a', name: 'b', latest_version: { id: 'c', openapi_schema: document } };
		MODEL_SHAPE(model);
		return modelDetails(model as never);
	},
	'an output': (document, size) =>
		readOutput(
			Array.from({ length: size }, (_, at) => ({ k1: at, a: ['https://x.y/z'] })),
			document,
		),
	'what was handed over': (document) => {
		const inputs = modelInputs(document) ?? [];
		for (const value of ['a', 1, ['a'], { a: 'b' }]) {
			const given = Object.fromEntries(inputs.map(({ name }) => [name, value]));
			const parameter = (path: string, otherwise: unknown) =>
				path === 'inputJson' ? given : otherwise;
			tried(() => readInput({ parameter }, inputs));
		}
	},
	'a tool': (document: { components: { schemas: Record<string, JsonObject> } }, size) => {
		const { Output: schema, ...rest } = document.components.schemas;
		const parameters = { ...schema, components: { schemas: rest } } as JsonObject;
		const given = Object.fromEntries(Array.from({ length: size }, (_, at) => [`k${at}`, at]));
		return [schemaFault(parameters, given), toolPrompt([{ name: 'x', parameters }])];
	},
};

const ofTokens: Record<string, (tokens: string[]) => unknown> = {
	'an answer that is passed on': (tokens) => {
		const stream = new AnswerStream();
		for (const token of tokens) stream.take(token);
	},
	'an answer in tokens': (tokens) => {
		readOutput(tokens);
		return readAnswer(prediction({ output: tokens }), language, tools);
	},
};

interface Reader<T> {
	size: number;
	draw(shapes: Shapes): Grown<T>;
	readers: Record<string, (made: T, size: number) => unknown>;
}

describe(`what a stranger writes (HOSTILE_SEED=${SEED})`, () => {
	/** By what is read: the slowest at the larger size, in ms of CPU time. */
	const slowest = new Map<string, number>();
	afterAll(() => {
		const [worst = ['', 0]] = [...slowest].sort(([, one], [, other]) => other - one);
		process.stdout.write(
			`HOSTILE_SEED=${SEED}: ${slowest.size} readers, ${RUNS} shapes each; the slowest took ${worst[1].toFixed(0)} ms of CPU time: ${worst[0]}\n`,
		);
	});

	const cases = <T>(kind: string, { size, draw, readers }: Reader<T>) =>
		Object.entries(readers).map(([what, read], at) => ({
			title: `${kind} as ${what}`,
			test: () => {
				const shapes = new Shapes(randomNumbers(SEED * 1_000 + at));
				for (let run = 1; run <= RUNS; run++) {
					const grown = draw(shapes);
					const make = (length: number) => ({ made: grown(length), length });
					const readIt = ({ made, length }: { made: T; length: number }) => {
						tried(() => read(made, length));
					};
					const large = make(4 * size);
					// Most are so fast that nothing is to be measured.
					const first = onceMs(() => readIt(large));
					slowest.set(
						`${kind} as ${what}`,
						Math.max(first, slowest.get(`${kind} as ${what}`) ?? 0),
					);
					if (first < NOT_SLOW_MS) continue;
					const growth = () => growthOf(size, make, readIt);
					// Whoever is unlucky once is measured again.
					if (growth() < MAX_GROWTH || growth() < MAX_GROWTH) continue;
					throw new Error(`Shape ${run} of ${kind} costs more than n·log n as ${what}`);
				}
			},
		}));
	const all = [
		...cases('a text', { size: 25_000, draw: (shapes) => shapes.text(), readers: ofText }),
		...cases('JSON', { size: 2_500, draw: (shapes) => shapes.json(), readers: ofJson }),
		...cases('a schema', {
			size: 400,
			draw: (shapes) => shapes.schema() as Grown<never>,
			readers: ofSchema as Reader<never>['readers'],
		}),
		...cases('a stream', { size: 10_000, draw: (shapes) => shapes.tokens(), readers: ofTokens }),
	];

	it.each(all)(
		'costs what its size is: $title',
		({ test }) => {
			test();
		},
		600_000,
	);

	it('is noticed where it costs more: a reader that compares all with all', () => {
		const quadratic = (text: string) => {
			let same = 0;
			for (let at = 0; at < text.length; at += 400) same += text.split('', at).length;
			return same;
		};
		const [{ test } = { test: () => undefined }] = cases('a text', {
			size: 25_000,
			draw: (shapes) => shapes.text(),
			readers: { quadratic },
		});
		slowest.delete('a text as quadratic');
		expect(test).toThrow('Shape 1 of a text costs more than n·log n as quadratic');
	});

	it('leaves the node as it was: no error that nobody handles, and time by its size', async () => {
		const file = resolve(__dirname, 'hostileProcess.ts');
		const { costs, unhandled } = await inOwnProcess<HostileRuns>(file, String(SEED), String(RUNS));
		expect(unhandled).toEqual([]);
		const lines = costs.map(
			({ what, growth, stallMs, addedMb }) =>
				`  ${what}: longest stall ${stallMs.toFixed(0)} ms, ${addedMb.toFixed(0)} MB more, growth ${growth.toFixed(1)}`,
		);
		process.stdout.write(`HOSTILE_SEED=${SEED}, the node:\n${lines.join('\n')}\n`);
		expect(costs.filter(({ growth }) => growth >= MAX_GROWTH)).toEqual([]);
		expect(costs.length).toBeGreaterThan(3);
	}, 600_000);
});

function onceMs(run: () => unknown): number {
	const before = process.cpuUsage();
	run();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1_000;
}
