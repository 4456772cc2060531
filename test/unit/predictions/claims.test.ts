import {
	DEPLOYMENT_PREDICTION,
	PREDICTION,
	TRAINING,
	type JobTarget,
} from '../../../nodes/shared/models/jobKind';
import { areEqual, Claims, type OpenCreate } from '../../../nodes/shared/predictions/claims';

const HOUR = 60 * 60 * 1_000;
const VERY_LATE = 300_000;
const open = (more: Partial<OpenCreate> = {}): OpenCreate => ({
	target: { kind: PREDICTION, version: 'a/b' },
	shown: { prompt: 'x' },
	digest: 'd',
	owner: 'we',
	state: 'sent',
	from: 1_000,
	...more,
});

describe('claims', () => {
	it('are kept for as long as executions overlap, and no longer', () => {
		const claims = new Claims();
		claims.claim('old', 0);
		claims.claim('again', 0);
		claims.claim('again', HOUR);
		claims.claim('new', 26 * HOUR);
		expect(['old', 'again', 'new', 'none'].map((id) => claims.has(id))).toEqual([
			true,
			true,
			true,
			false,
		]);
		claims.claim('newer', 26 * HOUR + 1);
		expect(['old', 'again', 'new'].map((id) => claims.has(id))).toEqual([false, true, true]);
	});

	it('go on by the clock of this process', () => {
		const claims = new Claims();
		claims.claim('then', Date.now() - 27 * HOUR);
		claims.claim('now');
		expect([claims.has('then'), claims.has('now')]).toEqual([false, true]);
	});

	it('forget a create before the ids of its time', () => {
		const claims = new Claims();
		claims.opened('a', open({ from: 0 }));
		claims.opened('b', open({ from: 24 * HOUR }));
		expect(claims.openCreate('a')).toBeDefined();
		claims.opened('c', open({ from: 24 * HOUR + 1 }));
		expect(claims.openCreate('a')).toBeUndefined();
		expect(claims.openCreate('b')).toBeDefined();
	});

	it('follow a create', () => {
		const claims = new Claims();
		claims.lost('none', 5);
		claims.unknown('none');
		expect(claims.openCreate('none')).toBeUndefined();
		claims.opened('a', open());
		claims.opened('a', open({ from: 2_000 }));
		expect(claims.openCreate('a')).toMatchObject({ state: 'sent', from: 2_000 });
		claims.lost('a', 3_000);
		expect(claims.openCreate('a')).toMatchObject({ state: 'lost', to: 3_000 });
		claims.unknown('a');
		expect(claims.openCreate('a')).toMatchObject({ state: 'unknown', to: 3_000 });
		claims.settled('a');
		expect(claims.openCreate('a')).toBeUndefined();
	});

	describe('of creates that the list cannot tell apart', () => {
		const areRivals = (one: OpenCreate, other: OpenCreate) => {
			const claims = new Claims();
			claims.opened('one', one);
			claims.opened('other', other);
			const [of, to] = [claims.rivals('one'), claims.rivals('other')];
			expect(of.length).toBe(to.length);
			if (of.length > 0) expect([of, to]).toEqual([[other], [one]]);
			return of.length > 0;
		};
		const target = (more: Partial<JobTarget>): OpenCreate =>
			open({ target: { kind: PREDICTION, version: 'v', ...more } });

		it('there are none for a create that is settled', () => {
			const claims = new Claims();
			claims.opened('other', open());
			expect(claims.rivals('one')).toEqual([]);
		});

		it.each<[boolean, string, OpenCreate, OpenCreate]>([
			[true, 'equal', open(), open()],
			[false, 'another input', open(), open({ shown: { prompt: 'y' } })],
			[true, 'another version and a name', target({}), target({ version: 'a/b' })],
			[false, 'two versions', target({}), target({ version: 'w' })],
			[false, 'two names', open(), target({ version: 'c/d' })],
			[true, 'two deployments', target({ deployment: 'x/y' }), target({ deployment: 'x/z' })],
			[true, 'a deployment', target({}), target({ kind: DEPLOYMENT_PREDICTION })],
			[false, 'a training', target({}), target({ kind: TRAINING })],
			[true, 'two destinations', target({ destination: 'a/a' }), target({ destination: 'a/b' })],
			[true, 'of long ago, without an end', open({ from: -9_999_999 }), open()],
			[true, 'lost before', open({ to: 2_000 }), open({ from: 2_000 + VERY_LATE })],
			[false, 'lost long before', open({ to: 2_000 }), open({ from: 2_001 + VERY_LATE })],
		])('%s: %s', (isIt, _what, one, other) => {
			expect(areRivals(one, other)).toBe(isIt);
		});
	});

	describe('of creates that may take each other’s place', () => {
		const full: JobTarget = {
			kind: TRAINING,
			version: 'v',
			deployment: 'a/x',
			trained: 'a/t',
			destination: 'a/d',
		};

		it('are those that run the very same', () => {
			expect(areEqual(open({ target: full }), open({ target: { ...full } }))).toBe(true);
			expect(areEqual(open(), open({ digest: 'e' }))).toBe(false);
			expect(areEqual(open({ digest: undefined }), open({ digest: undefined }))).toBe(false);
		});

		it.each<Partial<JobTarget>>([
			{ kind: PREDICTION },
			{ version: 'w' },
			{ deployment: 'a/y' },
			{ trained: 'a/u' },
			{ destination: 'a/e' },
		])('are not those that differ by %j', (more) => {
			const one = open({ target: full });
			expect(areEqual(one, open({ target: { ...full, ...more } }))).toBe(false);
		});
	});
});
