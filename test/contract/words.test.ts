import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PAPERS, ROOT, textOf } from './papers';

/*
 * Phrases that a native speaker stumbles over, each with what to write. Only what cannot be right
 * English in this project is here: a word that has a right use elsewhere stays out.
 */
const STUMBLES: Array<[phrase: RegExp, better: string]> = [
	[/\bborne\b/, 'tolerated'],
	[/\b(?:sends?|sent) word\b|\bword of\b/, 'reports, calls back'],
	[/\btells? no\b/, 'returns no'],
	[/\bin work\b/, 'running, in progress'],
	[/\bdo(?:es)? not get on\b/, 'stalls'],
	[/\b(?:has|have) not enough\b/, 'does not have enough'],
	[/\b(?:has|have) not(?=[,.;:!?])/, 'does not have'],
	[/\b(?:is|are) meant\b/, 'to use, to read'],
	[/\ban own\b|\bof own\b/, 'of your own, its own'],
	[/\bfrom \d[\d.]* on\b/, '1 or more, 1.120 and newer'],
	[/(?<!there )\b(?:is|are) none\b(?! of (?:these|them|those)\b)/, 'is not a …, is missing'],
	[/\b(?:is|are) no such thing\b/, 'is not a …'],
	[/\band pays?,/, 'and pay for'],
	[/\bpays? (?:a|an|each|every) (?:prediction|run|training)\b/, 'pays for a …'],
	[/\bholds? no worker\b/, 'does not block a worker'],
	[/\blogs? (?:has|have) grown\b/, 'there are new log lines'],
	[/\bpaid all the time\b/, 'billed continuously'],
	[/\bdo(?:es)? not admit\b/, 'does not accept'],
	[/\bended by us\b/, 'aborted, cancelled'],
	[/\btaken? up where\b/, 'resumed where'],
	[/\bthat a Run gave\b|\bthat the creation gave\b/, 'that … returned'],
	[/\b(?:workflow|execution|node) goes on\b|\bgo on at once\b/, 'continues'],
	[/\bcan err\b/, 'can be wrong'],
	[/\bif it goes on\b/, 'if it happens again'],
	[/\bcertain version\b/, 'specific version'],
	[/\bmachines of your own\b/, 'dedicated hardware'],
	[/\b(?:one|gateway|models?|files?) of yours\b/, 'one of your …, your own …'],
	[/\b(?:is|are) told as\b/, 'is reported as'],
	[/\bwhich of both\b/, 'which of the two'],
	[/(?<!separate )\bseveral with commas\b/, 'several separated by commas'],
	[/\bsignature does not fit\b/, 'does not match'],
	[/\bto have (?:it|this one) again\b/, 'to get a new one'],
	[/\bIt is an error then\b/, 'then it fails'],
	[/\bNothing in your account is wrong\b/, 'This is not about your account'],
	[/\b(?:could|can) be looked for\b/, 'could be read'],
	[/\bwhy it does not do\b/, 'why it does not help'],
	[/\banybody on the way\b/, 'anyone on the network'],
];

/** Folders whose words are still to be changed. An entry that no longer needs to be here fails. */
const NOT_YET: string[] = [];

/** Everything that people read: papers, recipes, and the source with its texts and comments. */
const FILES = [
	...PAPERS,
	...filesIn('examples', '.json'),
	...filesIn('nodes', '.ts'),
	...filesIn('credentials', '.ts'),
];

describe('plain English', () => {
	const found = FILES.flatMap(stumblesIn);

	it('is what people read', () => {
		expect(found.filter(({ file }) => !isWaived(file)).map(({ report }) => report)).toEqual([]);
	});

	it('waives no folder that has become plain', () => {
		expect(NOT_YET.filter((folder) => !found.some(({ file }) => file.startsWith(folder)))).toEqual(
			[],
		);
	});

	it('finds a phrase also where a line of a comment ends in it', () => {
		const text = '/**\n * An upload that does not\n * get on.\n */';
		expect(stumblesOf('some.ts', text)).toEqual([
			{
				file: 'some.ts',
				report: 'some.ts:2: “does not get on”: rather “stalls”',
			},
		]);
		expect(
			stumblesOf('some.ts', 'none of these is borne in mind, and is none of them'),
		).toHaveLength(1);
	});
});

interface Stumble {
	file: string;
	report: string;
}

function stumblesIn(file: string): Stumble[] {
	return stumblesOf(file, textOf(file));
}

function stumblesOf(file: string, text: string): Stumble[] {
	// Line ends and comment marks as blanks, one for one, so that the places stay the same.
	const flat = text.replace(/\n\s*(?:\*|\/\/)?\s*/g, (gap) => ' '.repeat(gap.length));
	return STUMBLES.flatMap(([phrase, better]) => {
		const spaced = new RegExp(phrase.source.replaceAll(' ', '\\s+'), 'gi');
		return [...flat.matchAll(spaced)].map((match) => {
			const line = text.slice(0, match.index).split('\n').length;
			const words = match[0].replace(/\s+/g, ' ');
			return { file, report: `${file}:${line}: “${words}”: rather “${better}”` };
		});
	});
}

function isWaived(file: string): boolean {
	return NOT_YET.some((folder) => file.startsWith(folder));
}

function filesIn(folder: string, ending: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith(ending))
		.map((name) => `${folder}/${name}`);
}
