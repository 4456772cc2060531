import { createHmac } from 'node:crypto';
import { isReachable } from '../../nodes/shared/webhooks/address';
import { keepWebhook, MAX_KEPT, SeenWebhooks } from '../../nodes/shared/webhooks/seen';
import { readSignedWebhook } from '../../nodes/shared/webhooks/signature';
import { cpuMs } from './growth';

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

describe('the memory of webhooks', () => {
	it('knows an id again, and forgets it after ten minutes', () => {
		const seen = new SeenWebhooks();
		expect(seen.take('a', 0)).toBe(false);
		expect(seen.take('a', 1_000)).toBe(true);
		expect(seen.take('b', 601_000)).toBe(false);
		expect(seen.count).toBe(1);
		expect(seen.take('a', 601_000)).toBe(false);
	});

	it('holds no more than a process can take in that time', () => {
		const seen = new SeenWebhooks();
		for (let at = 0; at < 60_000; at++) seen.take(`id ${at}`, at);
		expect(seen.count).toBe(50_000);
		expect(seen.take('id 59999', 60_000)).toBe(true);
	});

	it('walks over no earlier call: what each costs does not depend on how many there were', () => {
		const costAfter = (earlier: number) => {
			const seen = new SeenWebhooks();
			const take = (calls: number) => {
				for (let at = 0; at < calls; at++) seen.take(String(Math.random()), at);
			};
			take(earlier);
			return cpuMs(() => take(2_000));
		};
		costAfter(1_000);
		// A busy machine adds to one measurement; a walk would add to each.
		let growth = Infinity;
		for (let round = 0; round < 5 && growth >= 3; round++)
			growth = Math.min(growth, costAfter(30_000) / costAfter(1_000));
		expect(growth).toBeLessThan(3);
	});

	it('is kept in a few kilobytes, the latest last, whatever was kept before', () => {
		let kept: unknown;
		for (let at = 0; at < 10_000; at++) {
			const next = keepWebhook(kept, `${'long '.repeat(1_000)}${at}`);
			expect(next.wasKept).toBe(false);
			kept = next.kept;
		}
		expect(JSON.stringify(kept).length).toBeLessThan(8_000);
		const of = (at: number) => keepWebhook(kept, `${'long '.repeat(1_000)}${at}`);
		expect(of(9_999)).toEqual({ kept, wasKept: true });
		expect(of(10_000 - MAX_KEPT).wasKept).toBe(true);
		expect(of(9_999 - MAX_KEPT).wasKept).toBe(false);
		// As the version before kept them.
		expect(keepWebhook({ msg_a: 1 }, 'msg_a').wasKept).toBe(false);
		expect(keepWebhook(5, 'a').kept).toHaveLength(16);
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
