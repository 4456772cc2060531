import { createHmac } from 'node:crypto';
import { isReachable } from '../../nodes/shared/webhooks/address';
import { hasSeen } from '../../nodes/shared/webhooks/seen';
import { readSignedWebhook } from '../../nodes/shared/webhooks/signature';

/** The public test vector of Standard Webhooks, which Replicate's own clients test against. */
const vector = {
	key: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
	id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
	timestamp: '1614265330',
	body: '{"test": 2432232314}',
	signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

describe('readSignedWebhook', () => {
	const body = '{"id":"abc","status":"succeeded"}';
	const now = () => Math.floor(Date.now() / 1_000);
	const sign = (id: string, at: number, text = body) => {
		const key = Buffer.from(vector.key.slice(6), 'base64');
		const hmac = createHmac('sha256', key).update(`${id}.${at}.${text}`).digest('base64');
		return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${hmac}` };
	};
	const read = (headers: Record<string, string>, text = body) =>
		readSignedWebhook(vector.key, { headers, rawBody: Buffer.from(text) });

	it('signs as the public test vector says', () => {
		const { id, timestamp, signature } = vector;
		expect(sign(id, Number(timestamp), vector.body)['webhook-signature']).toBe(signature);
	});

	it('reads a fresh webhook', () => {
		expect(read(sign('msg_1', now()))).toEqual({
			id: 'msg_1',
			body: { id: 'abc', status: 'succeeded' },
		});
	});

	it('takes the right one of several signatures', () => {
		const headers = sign('msg_1', now());
		headers['webhook-signature'] = `v1,AAAA v2,x ${headers['webhook-signature']}`;
		expect(read(headers)).toBeDefined();
	});

	it.each([
		['an old one', sign('msg_1', now() - 301)],
		['one from the future', sign('msg_1', now() + 360)],
		['one of another id', { ...sign('msg_1', now()), 'webhook-id': 'msg_2' }],
		['an unsigned one', {}],
		['one whose id came twice', { ...sign('msg_1', now()), 'webhook-id': ['msg_1'] }],
	])('refuses %s', (_what, headers) => {
		expect(read(headers as Record<string, string>)).toBeUndefined();
	});

	it('refuses one without a body', () => {
		expect(readSignedWebhook(vector.key, { headers: sign('msg_1', now()) })).toBeUndefined();
	});

	it('refuses a changed body, and one that is no prediction', () => {
		expect(read(sign('msg_1', now()), body.replace('abc', 'abd'))).toBeUndefined();
		expect(read(sign('msg_1', now(), '[]'), '[]')).toBeUndefined();
		expect(read(sign('msg_1', now(), ''), '')).toBeUndefined();
	});
});

describe('hasSeen', () => {
	it('knows an id again, and forgets it after ten minutes', () => {
		const seen = {};
		expect(hasSeen(seen, 'a', 0)).toBe(false);
		expect(hasSeen(seen, 'a', 1_000)).toBe(true);
		expect(hasSeen(seen, 'b', 601_000)).toBe(false);
		expect(seen).toEqual({ b: 601_000 });
		const now = Date.now();
		expect(hasSeen(seen, 'c', now)).toBe(false);
		expect(hasSeen(seen, 'c', now + 600_000)).toBe(true);
	});
});

describe('isReachable', () => {
	const replicate = new URL('https://api.replicate.com/v1');
	const sandbox = new URL('http://127.0.0.1:5055/v1');

	it.each([
		['https://n8n.example.com/webhook/x', replicate, true],
		['http://n8n.example.com/webhook/x', replicate, false],
		['https://localhost/webhook/x', replicate, false],
		['https://10.1.2.3/webhook/x', replicate, false],
		['not an address', replicate, false],
		['http://127.0.0.1:5678/webhook/x', sandbox, true],
		['https://127.0.0.1:5678/webhook/x', sandbox, true],
		['ftp://127.0.0.1/webhook/x', sandbox, false],
	])('%s', (address, baseUrl, expected) => {
		expect(isReachable(address, baseUrl)).toBe(expected);
	});
});
