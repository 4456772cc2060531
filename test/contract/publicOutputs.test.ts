import type { JsonValue } from '../../nodes/shared/api/json';
import type { OpenApiDocument } from '../../nodes/shared/api/shapes';
import { fieldNames } from '../../nodes/shared/outputs/names';
import { readOutput } from '../../nodes/shared/outputs/shape';
import { readPublicModels, type PublicModel } from '../../dev/sandbox/publicModels';

/** The real example outputs of all public models, of January 2025. */
describe('the example outputs of all public models', () => {
	let models: PublicModel[];
	beforeAll(async () => {
		models = await readPublicModels();
	});

	it('are read: every file on Replicate’s hosts is found, and nothing else of the value is lost', () => {
		const counts: Record<string, number> = {};
		const missed: string[] = [];
		for (const model of models) {
			const output = model.default_example?.output as JsonValue | undefined;
			const schema = model.latest_version.openapi_schema as OpenApiDocument;
			const { files, text } = readOutput(output, schema);
			count(counts, kindOf(output));
			count(counts, `  gives ${filesWord(files.length)}${text === undefined ? '' : ' and text'}`);
			// Said once more, without our reading of shapes: the text of the output tells its files.
			const whole = JSON.stringify(output ?? null);
			const delivered = whole.match(/https:\/\/[\w.-]*replicate\.delivery\/[^"\\\s]+/g) ?? [];
			const found = files.filter(({ url }) => url.includes('replicate.delivery/'));
			if (found.length !== delivered.length) missed.push(`${model.owner}/${model.name}`);
			const names = fieldNames(
				files.map(({ key }) => key),
				'data',
			);
			expect(new Set(names).size).toBe(files.length);
			expect(files.every(({ url }) => whole.includes(JSON.stringify(url)))).toBe(true);
		}
		const lines = Object.entries(counts)
			.sort(([one], [other]) => one.trim().localeCompare(other.trim()))
			.map(([what, number]) => `${String(number).padStart(7)}  ${what}`);
		process.stdout.write(`Outputs\n${lines.join('\n')}\nNot found: ${missed.join(', ')}\n`);
		expect(missed).toEqual(EXCEPTIONS);
		expect(Object.values(counts).reduce((sum, number) => sum + number)).toBe(2 * 3808);
	});
});

/** Models whose files are not found, and why. */
const EXCEPTIONS = [
	// The addresses are keys of an object: names of values, not values.
	'andreasjansson/dreamsim',
	'andreasjansson/flash-eval',
	// The addresses echo the input, in a member that the schema calls text.
	'andreasjansson/clip-features',
];

function kindOf(output: JsonValue | undefined): string {
	if (output === null || output === undefined) return 'nothing';
	return Array.isArray(output) ? 'list' : typeof output;
}

function filesWord(count: number): string {
	if (count === 0) return 'no file';
	return count === 1 ? 'one file' : 'several files';
}

function count(counts: Record<string, number>, what: string): void {
	counts[what] = (counts[what] ?? 0) + 1;
}
