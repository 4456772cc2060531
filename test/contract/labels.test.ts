import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import ts from 'typescript';
import { Replicate } from '../../nodes/Replicate/Replicate.node.ts';
import { ReplicateChatModel } from '../../nodes/ReplicateChatModel/ReplicateChatModel.node.ts';
import { ReplicateTrigger } from '../../nodes/ReplicateTrigger/ReplicateTrigger.node.ts';
import { PAPERS, ROOT, textOf } from './papers';

/*
 * Texts send builders to places of the panel, such as "Options → Timeout". A place that a text names
 * must be in the panel: a label that was renamed is found in every paper, recipe and error.
 */

/** Places of n8n and of its own nodes that texts name. */
const N8N = [
	'Authentication → Predefined Credential Type → Replicate API',
	'Format → Resolved',
	'On Error → Continue (using error output)',
	'On Error → Continue',
	'On Error → Stop Workflow',
	'Options → Binary File',
	'Response Mode → Streaming',
	'Settings → Migration Report',
	'Settings → On Error',
	'Settings → Retry On Fail',
	'When Last Node Finishes → First Entry Binary',
	'⋯ → Import from file',
	'… → Download',
	'… → Import from File',
	'Security → Report a vulnerability',
];

/** Labels that the panel had, and no longer has. */
const RETIRED =
	/\bWait For\b(?! [A-Z][a-z]+ Response)|\bWhen Time Is Up\b|\bData URI Limit\b|\bTool Calling\b|\bBy Prompt\b|\bRun to Deployment\b/;
/** Where the old ones are named on purpose. */
const HISTORY = ['CHANGELOG.md', 'nodes/fields/files.ts', 'docs/parameters.md'];

type Entry = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** What the panel has below each of its labels, both without their units. */
const below = new Map<string, Set<string>>();

for (const node of [new Replicate(), new ReplicateTrigger(), new ReplicateChatModel()]) {
	for (const property of node.description.properties) enter(property);
	resourcesOf(node.description.properties);
}
for (const place of N8N) {
	const parts = place.split(' → ');
	parts.slice(1).forEach((part, at) => add(parts[at]!, part));
}

function enter(property: INodeProperties): void {
	const label = shortOf(property.displayName);
	for (const entry of (property.options ?? []) as Entry[]) {
		add(label, 'displayName' in entry ? entry.displayName : entry.name);
		if ('values' in entry) {
			for (const value of entry.values) {
				add(label, value.displayName);
				enter(value);
			}
		} else if ('displayName' in entry) enter(entry);
	}
	if (!below.has(label)) below.set(label, new Set());
}

/** A resource is before its operations, though the panel has them side by side. */
function resourcesOf(properties: INodeProperties[]): void {
	const choice = properties.find(({ name }) => name === 'resource');
	for (const { name, value } of (choice?.options ?? []) as INodePropertyOptions[]) {
		const operations = properties.find(
			(one) =>
				one.name === 'operation' && one.displayOptions?.show?.resource?.includes(value as string),
		);
		for (const one of (operations?.options ?? []) as INodePropertyOptions[]) add(name, one.name);
	}
}

function add(label: string, child: string): void {
	const children = below.get(shortOf(label)) ?? new Set();
	below.set(shortOf(label), children.add(shortOf(child)));
}

/** Without a unit, a note, or what n8n's rules add to a list: sentences leave it out. */
function shortOf(label: string): string {
	return label.replace(/ \([^)]*\)$| Name or ID$/, '');
}

/** Places in a text that the panel does not have. */
function unknownPlaces(text: string): string[] {
	const plain = text.replace(/\*\*|\\n|<\/?b>|[_*`]/g, (mark) => (mark === '\\n' ? '\n' : ''));
	return [...plain.matchAll(/ → /g)].flatMap(({ index }) => {
		const before = plain.slice(0, index);
		const after = plain.slice(index + 3);
		// What a template fills in is a label that the code takes from the panel.
		if (before.endsWith('}') || after.startsWith('${')) return [];
		const parent = [...below.keys()].filter((label) => endsIn(before, label)).sort(byLength)[0];
		const children = parent === undefined ? [] : [...below.get(parent)!];
		if (children.some((child) => startsWith(after, child))) return [];
		return [`${before.slice(-40)} → ${after.slice(0, 40)}`.replace(/\s+/g, ' ')];
	});
}

function byLength(one: string, other: string): number {
	return other.length - one.length;
}

function endsIn(text: string, label: string): boolean {
	return shortOf(text).endsWith(label) && !/\w/.test(shortOf(text).at(-label.length - 1) ?? ' ');
}

function startsWith(text: string, label: string): boolean {
	return text.startsWith(label) && !/\w/.test(text[label.length] ?? ' ');
}

/** The texts of a source file, without its comments. */
function stringsOf(file: string): string[] {
	const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.ES2022, true);
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
		else if (ts.isTemplateExpression(node)) found.push(node.getText(source));
		node.forEachChild(visit);
	};
	visit(source);
	return found;
}

function filesIn(folder: string, ending: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith(ending))
		.map((name) => `${folder}/${name}`);
}

describe('a place of the panel', () => {
	const texts = [
		...PAPERS.filter((path) => path !== 'CHANGELOG.md').map((path) => ({
			path,
			text: textOf(path),
		})),
		...filesIn('examples', '.json').map((path) => ({ path, text: textOf(path) })),
		...[...filesIn('nodes', '.ts'), ...filesIn('credentials', '.ts')].flatMap((path) =>
			stringsOf(path).map((text) => ({ path, text })),
		),
	];

	it('is there, wherever a text names it', () => {
		const unknown = texts.flatMap(({ path, text }) =>
			unknownPlaces(text).map((place) => `${path}: ${place}`),
		);
		expect(unknown).toEqual([]);
	});

	it('is named by the label that it has now', () => {
		const old = texts
			.filter(({ path, text }) => !HISTORY.includes(path) && RETIRED.test(text))
			.map(({ path, text }) => `${path}: ${RETIRED.exec(text)![0]}`);
		expect(old).toEqual([]);
	});

	it.each(['raise Options → Timeouts.', 'set **Continue → Result**', 'with _Prediction → Fetch_'])(
		'is noticed where it is not there: %s',
		(text) => expect(unknownPlaces(text)).toHaveLength(1),
	);

	it('is found with and without its unit, in marks and in sentences', () => {
		const text =
			'**Options → Timeout** or Options → Timeout (Seconds), `Options → Output Items → One per File`';
		expect(unknownPlaces(text)).toEqual([]);
	});
});

describe('the words of a training', () => {
	const { properties } = new Replicate().description;
	const words = (value: unknown): string[] => {
		if (typeof value === 'string') return [value];
		if (typeof value !== 'object' || value === null) return [];
		return Object.entries(value).flatMap(([key, one]) => (key === 'builderHint' ? [] : words(one)));
	};

	it('say training, and never prediction', () => {
		const shown = properties.filter(
			({ displayOptions }) =>
				displayOptions?.show?.resource?.includes('training') &&
				!displayOptions.show.resource.includes('prediction'),
		);
		expect(shown.length).toBeGreaterThan(10);
		expect(shown.flatMap(words).filter((text) => /prediction/i.test(text))).toEqual([]);
	});

	it('spell what has been cancelled as English does, and the status as the API does', () => {
		const texts = [new Replicate(), new ReplicateTrigger(), new ReplicateChatModel()]
			.flatMap(({ description }) => words(description.properties))
			.filter((text) => text !== 'canceled');
		expect(texts.filter((text) => /canceled/i.test(text))).toEqual([]);
		expect(texts.filter((text) => /cancelled/i.test(text)).length).toBeGreaterThan(3);
	});
});
