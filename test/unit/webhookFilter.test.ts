import type { ReplicateClient } from '../../nodes/shared/api/client';
import { ApiError } from '../../nodes/shared/api/errors';
import { passes, type WebhookFilter } from '../../nodes/shared/webhooks/filter';
import { isTraining } from '../../nodes/shared/webhooks/jobKind';
import { assertResumable, assertWebhookUrl } from '../../nodes/shared/webhooks/address';
import { receiveWebhook } from '../../nodes/shared/webhooks/receive';
import { Webhook } from 'standardwebhooks';
import { wordsThrownBy } from './errorWords';

const prediction = { id: 'a', status: 'succeeded', model: 'owner/name' };
const training = { ...prediction, urls: { get: 'https://api.replicate.com/v1/trainings/a-b_1' } };

describe('which webhooks start a workflow', () => {
	const all: WebhookFilter = { source: 'all', statuses: [], models: [] };

	it.each<[string, object, Partial<WebhookFilter>, boolean]>([
		['all', prediction, {}, true],
		['all, of a training', training, {}, true],
		['predictions', prediction, { source: 'predictions' }, true],
		['predictions, not a training', training, { source: 'predictions' }, false],
		['trainings', training, { source: 'trainings' }, true],
		['trainings, not a prediction', prediction, { source: 'trainings' }, false],
		['a status', prediction, { statuses: ['failed', 'succeeded'] }, true],
		['another status', prediction, { statuses: ['failed'] }, false],
		['a model', prediction, { models: ['x/y', 'owner/name'] }, true],
		['an owner', prediction, { models: ['owner'] }, true],
		['another owner whose name begins alike', prediction, { models: ['own'] }, false],
		['another model', prediction, { models: ['owner/nam'] }, false],
		['a model, where none is named', { ...prediction, model: null }, { models: ['owner'] }, false],
		['a status, but not the model', prediction, { statuses: ['succeeded'], models: ['x'] }, false],
	])('%s', (_what, body, filter, expected) => {
		expect(passes(body as never, body === training, { ...all, ...filter })).toBe(expected);
	});

	/** An API that knows this as a training, or does not, or cannot say; with what it was asked. */
	const api = (identity: string, ...answers: Array<'training' | 404 | 500>) => {
		const asked: string[] = [];
		const get = async (path: string) => {
			asked.push(path);
			const answer = answers[Math.min(asked.length, answers.length) - 1]!;
			if (answer === 'training') return await Promise.resolve({ id: 'a' });
			const failure = { kind: 'status', status: answer } as const;
			throw new ApiError('x', { code: 'noResponse', origin: '', reason: '' }, failure);
		};
		return { asked, client: { identity, get } as unknown as ReplicateClient };
	};
	const claims = { ...prediction, output: { weights: 'x', version: 'y' } };

	it.each<[object, boolean]>([
		[prediction, false],
		[training, true],
		[{ ...training, output: { weights: 'x', version: 'y' } }, true],
		[{ ...prediction, urls: { get: 'https://x/v1/predictions/trainings' } }, false],
		[{ ...prediction, urls: { get: 'https://x/v1/trainings/a/more' } }, false],
		[{ ...prediction, output: { weights: 'x' } }, false],
		[{ ...prediction, output: { version: 'x' } }, false],
		[{ ...prediction, output: [{ weights: 'x', version: 'y' }] }, false],
		[{ ...prediction, output: null }, false],
		[{ ...prediction, output: 'weights version' }, false],
	])('%j is a training: %s, and nobody is asked', async (body, expected) => {
		const { client, asked } = api('told', 500);
		expect(await isTraining(client, body as never)).toBe(expected);
		expect(asked).toEqual([]);
	});

	it.each<[string, object, 'training' | 404]>([
		['of a model’s output that says so', claims, 404],
		[
			'under the address of a prediction',
			{ ...claims, urls: { get: 'https://x/v1/predictions/a' } },
			404,
		],
		['without an address', { ...claims, urls: null }, 'training'],
		[
			'as Replicate has shown some',
			{ ...claims, urls: { get: 'https://x/v1/predictions/a' } },
			'training',
		],
	])('the API decides, once, where address and output disagree: %s', async (what, body, answer) => {
		const { client, asked } = api(what, answer);
		const given = [1, 2, 3].map(async () => await isTraining(client, body as never));
		expect(await Promise.all(given)).toEqual([1, 2, 3].map(() => answer === 'training'));
		expect(await isTraining(client, body as never)).toBe(answer === 'training');
		expect(asked).toEqual(['/trainings/a']);
	});

	it('is not decided while the API cannot say, and asked again then', async () => {
		const { client, asked } = api('later', 500, 404);
		await expect(isTraining(client, claims as never)).rejects.toThrow('x');
		expect(await isTraining(client, claims as never)).toBe(false);
		expect(asked).toHaveLength(2);
	});
});

describe('an address that Replicate cannot reach', () => {
	const replicate = new URL('https://api.replicate.com/v1');

	it('is named, with what to do', () => {
		const resumed = (url: string) => wordsThrownBy(() => assertResumable(url, replicate)).message;
		expect(resumed('http://localhost:5678/x')).toMatch(
			/^Replicate cannot call this n8n back at http:\/\/localhost:5678: set the environment/,
		);
		expect(resumed('nonsense')).toContain('back at nonsense:');
		expect(() => assertResumable('https://n8n.example.com/x', replicate)).not.toThrow();
		const url = 'http://n8n.example.com/x';
		expect(wordsThrownBy(() => assertWebhookUrl(url, replicate)).message).toBe(
			'Options → Webhook URL must be a public address that starts with https://, and is "http://n8n.example.com/x"',
		);
		expect(() => assertWebhookUrl(url, replicate)).toThrow(
			`The webhook URL must be a public address that starts with https://, and is "${url}"`,
		);
		expect(() => assertWebhookUrl('https://n8n.example.com/x', replicate)).not.toThrow();
	});
});

describe('receiveWebhook', () => {
	const key = (letter: string) => `whsec_${Buffer.from(letter.repeat(24)).toString('base64')}`;
	const body = '{"id":"a","status":"succeeded"}';
	const signed = (secret: string) => {
		const at = new Date();
		return {
			rawBody: Buffer.from(body),
			headers: {
				'webhook-id': 'msg_1',
				'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
				'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
			},
		};
	};
	/** A client whose account has this secret. */
	const account = (identity: string, secret: string) => {
		const state = { secret, reads: 0 };
		const get = async () => {
			state.reads += 1;
			return await Promise.resolve({ key: state.secret });
		};
		return { state, client: { identity, get } as unknown as ReplicateClient };
	};
	afterEach(() => jest.restoreAllMocks());
	const later = (ms: number) => {
		const now = performance.now() + ms;
		jest.spyOn(performance, 'now').mockImplementation(() => now);
	};

	it('reads the secret once for many webhooks of an account', async () => {
		const { client, state } = account('one', key('a'));
		expect(await receiveWebhook(client, signed(key('a')))).toMatchObject({ id: 'msg_1' });
		expect(await receiveWebhook(client, signed(key('a')))).toMatchObject({ body: { id: 'a' } });
		expect(state.reads).toBe(1);
		const other = account('other', key('b'));
		expect(await receiveWebhook(other.client, signed(key('a')))).toBeUndefined();
		expect(other.state.reads).toBe(1);
	});

	it('reads it anew after a minute at the earliest, when a signature does not fit', async () => {
		const { client, state } = account('two', key('a'));
		await receiveWebhook(client, signed(key('a')));
		state.secret = key('b');
		expect(await receiveWebhook(client, signed(key('b')))).toBeUndefined();
		expect(state.reads).toBe(1);
		later(60_000);
		expect(await receiveWebhook(client, signed(key('b')))).toMatchObject({ id: 'msg_1' });
		expect(state.reads).toBe(2);
	});

	it('reads nothing for a call that nobody can have signed just now', async () => {
		const { client, state } = account('three', key('a'));
		const { rawBody, headers } = signed(key('a'));
		const at = (s: number) => ({ ...headers, 'webhook-timestamp': String(Date.now() / 1_000 + s) });
		for (const wrong of [
			{},
			at(-302),
			at(302),
			at(Number.NaN),
			{ ...headers, 'webhook-id': '' },
			{ ...headers, 'webhook-signature': 'v2,x' },
		]) {
			expect(await receiveWebhook(client, { rawBody, headers: wrong })).toBeUndefined();
		}
		expect(await receiveWebhook(client, { headers })).toBeUndefined();
		expect(state.reads).toBe(0);
	});
});
