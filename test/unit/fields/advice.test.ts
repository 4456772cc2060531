import { advice, wordsOf } from '../../../nodes/fields/advice';
import { noteOf } from '../../../nodes/fields/notes';
import { ParameterError } from '../../../nodes/fields/parameterError';
import {
	ApiError,
	InputError,
	PredictionError,
	ReplicateError,
	StoppedError,
} from '../../../nodes/shared/api/errors';
import type { ErrorFacts } from '../../../nodes/shared/api/errorFacts';
import type { NotFetched } from '../../../nodes/shared/outputs/notFetched';

const run = { noun: 'prediction', id: 'abc' } as const;
const said = { status: 400, said: 'no' };

/** Facts of every kind that is worded by them. */
const samples: Array<[ErrorFacts, string]> = [
	[
		{ code: 'noResponse', origin: 'https://a.example', reason: 'ECONNRESET' },
		"Check the network, the proxy settings and the credential's base URL, then try again. (ECONNRESET)",
	],
	[
		{ code: 'throttled', ...said },
		'Lower Options → Concurrency. Accounts with little credit may create only 6 predictions a minute. Replicate says: no',
	],
	[{ code: 'refused', ...said }, 'Replicate says: no'],
	[{ code: 'refused', status: 418 }, ''],
	[{ code: 'stopped' }, ''],
	[
		{ code: 'fileNotGiven', binaryFields: ['a', 'b'] },
		"The item's binary fields: a, b. A URL that starts with https:// works as well.",
	],
	[
		{ code: 'publicUrlPrivate', file: 'a.png', origin: 'http://localhost:5678' },
		'Set N8N_EDITOR_BASE_URL to the public https address of n8n, or set Options → Send Files As to Automatic.',
	],
	[
		{ code: 'publicLinkPrivate', origin: 'http://localhost:5678' },
		'Set N8N_EDITOR_BASE_URL to the public https address of n8n, or remove Options → Public Link. Nothing was created for this item.',
	],
	[
		{ code: 'createUnknown', noun: 'prediction', ids: [] },
		'It was not sent again, so nothing is paid for twice. Look at replicate.com/predictions; if it is not there, run this item again.',
	],
	[
		{ code: 'createUnknown', noun: 'training', ids: Array.from({ length: 12 }, (_, n) => `p${n}`) },
		'It was not sent again, so nothing is paid for twice. If it was created, it is one of these; read them with Training → Get: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more.',
	],
	[
		{ code: 'runFailed', ...run, failure: 'vendorThrottled', mayBeFileUrl: true },
		'Wait a minute and run this item again; lower Options → Concurrency. Prediction abc. The whole log is on its page at replicate.com/p/abc.',
	],
	[
		{ code: 'runUnreadable', ...run },
		'Nothing is lost: get prediction abc with Prediction → Get within an hour of its end. Do not run this item again, or you pay for it twice.',
	],
	[
		{ code: 'timeUpLeftRunning', ...run, progress: '40 % done' },
		'Get its result later: Prediction → Get with the ID abc. To wait longer, raise Options → Timeout. So far: 40 % done.',
	],
	[
		{ code: 'timeUpCancelled', ...run, noun: 'training' },
		'Training abc. To wait longer, raise Options → Timeout; to keep it running, set Options → On Timeout to Leave It Running.',
	],
	[
		{
			code: 'downloadFailed',
			id: 'abc',
			url: 'https://x.example/a.png',
			isNotStored: false,
			reason: 'its output file could not be fetched',
		},
		'The run is paid for, and nothing is lost: within an hour of its end, get it again with Prediction → Get and the ID abc, or open https://x.example/a.png. Do not run this item again.',
	],
	[
		{ code: 'notALanguageModel', model: 'a/flux' },
		'Choose a model that takes a prompt and gives text (for example meta/meta-llama-3-8b-instruct). To run this one, use the Replicate node.',
	],
	[
		{ code: 'imagesUnsupported', model: 'a/b' },
		'Choose a model with an image input, or switch off the images of the node that sends them.',
	],
	[
		{ code: 'toolsUnsupported', model: 'a/b' },
		'Choose a model that supports tools (for example openai/gpt-5-structured), or set Options → If the Model Takes No Tools to Describe Them in the Prompt (Experimental).',
	],
	[
		{ code: 'toolCallInvalid', model: 'a/b', reason: 'there is no tool "x"' },
		'The call was not made. Choose a model that follows instructions better, give the agent fewer tools with simpler inputs, or choose a model that supports tools (for example openai/gpt-5-structured).',
	],
];

describe('the advice of an error', () => {
	it.each(samples)('for %j', (facts, words) => {
		expect(advice(new ReplicateError('x', facts))).toBe(words);
	});

	it('is empty for an error of somebody else’s', () => {
		expect(advice(new Error('x'))).toBe('');
		expect(advice(undefined)).toBe('');
	});

	it('names the panel only in what is looked up, whatever the code', () => {
		const error = new InputError('The webhook URL is private', {
			code: 'webhookUrlUnreachable',
			url: 'http://x',
		});
		expect(error.message).not.toContain('Options');
		expect(wordsOf(error)).toEqual({
			message:
				'Options → Webhook URL must be a public address that starts with https://, and is "http://x"',
			description: 'Use the production URL of a Replicate Trigger or a Webhook node.',
		});
	});
});

describe('the words of an error', () => {
	it('carry what is known of the prediction', () => {
		const prediction = { id: 'abc', status: 'paused', output: 'x' };
		const error = new PredictionError('It ended', { code: 'runStatusUnknown', ...run }, prediction);
		expect(wordsOf(error)).toEqual({
			message: 'It ended',
			description: 'Look at replicate.com/p/abc to see what happened.',
			details: { predictionId: 'abc', status: 'paused', output: 'x' },
		});
		const failure = { kind: 'network', code: 'ECONNRESET', sent: true } as const;
		const ids = { possiblePredictionIds: ['a'] };
		const lost = new ApiError(
			'It is not known',
			{ code: 'createUnknown', noun: 'prediction', ids: ['a'] },
			failure,
			undefined,
			ids,
		);
		expect(wordsOf(lost).details).toEqual(ids);
	});

	it('leave out what there is not', () => {
		expect(wordsOf(new StoppedError())).toEqual({ message: 'The workflow was stopped' });
		expect(wordsOf(new Error('x'))).toEqual({ message: 'x' });
		expect(wordsOf(undefined)).toEqual({ message: 'Something went wrong' });
		expect(wordsOf({ message: 5 })).toEqual({ message: 'Something went wrong' });
	});

	it('are a parameter’s own', () => {
		const error = new ParameterError('Limit must be a number', 'Write 5.');
		expect(error).toBeInstanceOf(InputError);
		expect(wordsOf(error)).toEqual({ message: 'Limit must be a number', description: 'Write 5.' });
		expect(wordsOf(new ParameterError('x'))).toEqual({ message: 'x' });
	});
});

describe('the note of a file that was left where it is', () => {
	it.each<[NotFetched, string]>([
		[
			{ notFetched: 'unknownHost', host: 'x.example' },
			"x.example is not one of Replicate's file hosts. To trust it, add it to Options → Output Hosts.",
		],
		[{ notFetched: 'redirectedAway', host: 'x.example' }, "the file's host redirects to x.example"],
		[{ notFetched: 'redirectBroken' }, 'a broken redirect'],
		[{ notFetched: 'redirectsTooMany', limit: 5 }, 'more than 5 redirects'],
		[{ notFetched: 'blocked', reason: 'n8n does not allow it' }, 'n8n does not allow it'],
		[{ notFetched: 'privateNetwork' }, 'its host is in a private network'],
		[{ notFetched: 'compressed', encoding: 'gzip' }, 'it is compressed as gzip'],
		[
			{ notFetched: 'tooLarge', limit: 5_000_000, bytes: 5_000_001 },
			'it has 5.000001 MB, and Options → Max Output File Size allows 5 MB',
		],
		[
			{ notFetched: 'tooLarge', limit: 5_000_000 },
			'it has more than the 5 MB that Options → Max Output File Size allows',
		],
		[{ notFetched: 'withPassword' }, 'its URL contains a user name or a password'],
		[{ notFetched: 'withoutTls' }, 'its URL does not start with https://'],
		[{ notFetched: 'refused', host: 'a.b', status: 401 }, 'a.b refused it (HTTP 401)'],
		[
			{ notFetched: 'notAddress', text: '/tmp/out.png' },
			'"/tmp/out.png" is not the address of a file, though the model\'s page calls it one. What the model returned is in "output".',
		],
		[{ notFetched: 'notBase64' }, 'its data is not valid base64'],
		[
			{ notFetched: 'tooMany', limit: 9 },
			'the output names more files, and an item takes at most 9. The URLs of the others are in "output".',
		],
	])('%j', (left, words) => {
		expect(noteOf(left)).toBe(`Not downloaded: ${words}`);
	});
});
