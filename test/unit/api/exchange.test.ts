import { exchange, textUpTo } from '../../../nodes/shared/api/exchange';
import type { HttpResponse, ResponseBody, Transport } from '../../../nodes/shared/api/transport';

const url = new URL('https://api.example/v1');
const limits = { responseMs: 10_000, pauseMs: 10_000 };

/** A body of these texts, which notes what is read of it. */
function bodyOf(...texts: string[]) {
	const noted = { read: 0, isDiscarded: false };
	const body: ResponseBody = {
		async *[Symbol.asyncIterator]() {
			for (const text of texts) {
				noted.read += 1;
				yield await Promise.resolve(Buffer.from(text));
			}
		},
		discard: () => (noted.isDiscarded = true),
		toStream: () => {
			throw new Error('not in use');
		},
	};
	return { body, noted };
}

describe('an exchange', () => {
	it('ends at its limit also where the transport does not notice, and drops what comes later', async () => {
		const connecting: Array<(response: HttpResponse) => void> = [];
		const transport: Transport = {
			send: async () => await new Promise((resolve) => void connecting.push(resolve)),
			failureOf: () => ({ code: 'x', sent: true, permanent: false }),
		};
		const request = { method: 'GET', url, headers: {} } as const;
		const asked = exchange(transport, request, { ...limits, totalMs: 50 });
		await expect(asked).rejects.toMatchObject({ failure: { code: 'TIME_UP' } });
		const { body, noted } = bodyOf('late');
		connecting[0]!({ status: 200, headers: {}, body });
		await new Promise((resolve) => setTimeout(resolve, 10));
		expect(noted).toEqual({ read: 0, isDiscarded: true });
	});
});

describe('a text up to a limit', () => {
	it('is whole where it fits', async () => {
		expect(await textUpTo(bodyOf('ab', 'cd').body, 4)).toEqual({ text: 'abcd', isWhole: true });
		expect(await textUpTo(bodyOf().body, 4)).toEqual({ text: '', isWhole: true });
	});

	it('is read no further than its limit', async () => {
		const { body, noted } = bodyOf('ab', 'cd', 'e', 'f', 'g');
		expect(await textUpTo(body, 4)).toEqual({ text: 'abcde', isWhole: false });
		expect(noted.read).toBe(3);
	});

	it('is hardly read where a longer one is announced', async () => {
		const { body, noted } = bodyOf('ab', 'cd', 'e');
		expect(await textUpTo(body, 4, 5)).toEqual({ text: 'ab', isWhole: false });
		expect(noted.read).toBe(1);
	});
});
