import { SECURITY_MUTATIONS } from '../mutation/securityMutations';
import { TIME_MUTATIONS } from '../mutation/timeMutations';
import { rowsOf, textOf } from './papers';
import { testNames } from './testNames';

describe('docs/threats.md', () => {
	const [, table] = textOf('docs/threats.md').split(/<!-- \/?threats -->/);
	const rows = rowsOf(table!);
	const proofs = rows.flatMap(([threat, , proof]) =>
		[...proof!.matchAll(/`(test\/[\w./-]+\.test\.ts)`: ((?:“[^”]+”(?:, )?)+)/g)].flatMap(
			([, path, titles]) =>
				[...titles!.matchAll(/“([^”]+)”/g)].map(([, title]) => [threat!, path!, title!] as const),
		),
	);

	it('has at least one proof for each threat', () => {
		const proven = new Set(proofs.map(([threat]) => threat));
		expect(rows.map(([threat]) => threat!)).toEqual([...proven]);
		expect(rows.length).toBeGreaterThan(15);
	});

	it.each(proofs)('%s: %s has the test “%s”', (_threat, path, title) => {
		expect(testNames(path)).toContain(title);
	});

	const threatsOf = (beginning: string) => rows.filter(([threat]) => threat!.startsWith(beginning));

	it('has a mutation for each threat, and none for others', () => {
		const unproven = rows.filter(
			([threat]) => !SECURITY_MUTATIONS.some((mutation) => threat!.startsWith(mutation.threat)),
		);
		expect(unproven.map(([threat]) => threat)).toEqual([]);
		expect(SECURITY_MUTATIONS.filter(({ threat }) => threatsOf(threat).length !== 1)).toEqual([]);
	});

	it('has a mutation for each of its time limits', () => {
		const [, limits] = textOf('docs/threats.md').split(/^## Time limits$/m);
		const lines = limits!.split('\n').filter((line) => line.startsWith('|'));
		const steps = rowsOf(lines.join('\n')).map(([step]) => step!);
		expect(steps.length).toBeGreaterThan(5);
		expect([...new Set(TIME_MUTATIONS.map(({ step }) => step))]).toEqual(steps);
	});

	it.each(SECURITY_MUTATIONS)('$threat: “$test.title” is a proof of it', ({ threat, test }) => {
		const [row] = threatsOf(threat);
		const named = proofs.filter(([of, path]) => of === row![0] && path === test.path);
		const fixed = test.title.split('%').sort((a, b) => b.length - a.length)[0]!;
		expect(named.filter(([, , title]) => title.includes(fixed.trim()))).not.toEqual([]);
	});
});
