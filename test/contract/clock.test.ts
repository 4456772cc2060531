import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** Files that need the date of the machine, and what for. */
const DATES: Record<string, string> = {
	'nodes/jobs/callback/suspension.ts': 'n8n resumes an execution at a date',
	'nodes/jobs/receiveCallback.ts': 'n8n resumes an execution at a date',
	'nodes/shared/api/retry.ts': 'Retry-After may name a date',
	'nodes/shared/outputs/publicLinks.ts': 'n8n’s link ends at a date',
	'nodes/shared/webhooks/signature.ts': 'Replicate signs its own date',
};

describe('the clock', () => {
	const sources = ['nodes', 'transports'].flatMap((room) =>
		readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => join(room, name)),
	);
	const holding = (words: RegExp) =>
		sources.filter((name) => words.test(readFileSync(join(root, name), 'utf8'))).sort();

	it('of the machine is read for dates only, because anybody can set it', () => {
		expect(holding(/Date\.now\(/)).toEqual(Object.keys(DATES).sort());
	});

	it('of time limits is in one place', () => {
		expect(holding(/performance\./)).toEqual(['nodes/shared/api/clock.ts']);
	});
});
