import type { LostCreate } from '../../../nodes/shared/predictions/find';
import { OwnCreates } from '../../../nodes/shared/predictions/ownCreates';

const create = (prompt: string, version = 'a/b'): LostCreate => ({
	run: { version },
	input: { prompt },
	sentAt: 0,
});

describe('the creates of one run', () => {
	it('counts those that the list could not tell apart, by what became of them', () => {
		const own = new OwnCreates();
		const [one, same] = [create('x'), create('x')];
		const others = [create('y'), create('x', 'c/d')];
		for (const each of [one, same, ...others]) own.sent(each);
		expect(own.alike(one)).toBe(2);
		expect(own.alike(one, 'sent')).toBe(2);
		expect(own.alike(one, 'lost')).toBe(0);
		own.lost(one);
		expect(own.alike(same)).toBe(2);
		expect(own.alike(same, 'sent')).toBe(1);
		expect(own.alike(same, 'lost')).toBe(1);
		own.settled(same);
		expect(own.alike(one)).toBe(1);
		expect(own.alike(one, 'sent')).toBe(0);
		own.settled(one);
		expect(own.alike(one)).toBe(0);
		expect(own.alike(others[0]!)).toBe(1);
	});
});
