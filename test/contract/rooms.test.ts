import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { allImports, importsOf, violation } from './rooms';

const root = resolve(__dirname, '../..');
/** The product's own files, with their text. */
const sources = (folder: string) =>
	readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => ({
			name: join(folder, name),
			text: readFileSync(join(root, folder, name), 'utf8'),
		}));

describe('the rooms of the package', () => {
	it('import downwards only', () => {
		const imports = allImports();
		expect(imports.length).toBeGreaterThan(300);
		const forbidden = imports.flatMap((one) => {
			const why = violation(one);
			return why === undefined ? [] : [`${one.file} imports ${one.imported}: ${why}`];
		});
		expect(forbidden).toEqual([]);
	});

	it('pay in one place: jobs/job.ts creates, takes up, waits and sends files for all', () => {
		const calls = /\b(?:createPrediction|takeUp|waitForEnd|sendFiles)\(/;
		const callers = sources('nodes')
			.filter(({ name }) => !name.startsWith('nodes/shared/'))
			.filter(({ text }) => calls.test(text));
		expect(callers.map(({ name }) => name)).toEqual(['nodes/jobs/job.ts']);
	});

	it('keep the state of a run in its own object: what outlives it is in jobs/process.ts', () => {
		const registry =
			/^(?:export )?(?:const|let) .*new (?:Weak)?Map|^let |^\s+static (?:readonly )?\w+ =/m;
		const holders = [...sources('nodes/jobs'), ...sources('nodes/host')].filter(({ text }) =>
			registry.test(text),
		);
		expect(holders.map(({ name }) => name)).toEqual([]);
	});

	it('leave the codes of undici’s errors to the file that imports it', () => {
		const holders = sources('nodes').filter(({ text }) => text.includes('UND_ERR_'));
		expect(
			holders.map(({ name }) => name).filter((name) => !/\/transport\.ts$/.test(name)),
		).toEqual([]);
	});

	it('leave the words of the panel out of nodes/shared', () => {
		const words =
			/→|\bN8N_[A-Z]|\b(?:File Inputs|On Timeout|Additional Inputs|Send Files As|Output Hosts)\b/;
		const holders = sources('nodes/shared').flatMap(({ name, text }) =>
			text
				.split('\n')
				.filter((line) => words.test(line))
				.map((line) => `${name}: ${line.trim()}`),
		);
		expect(holders).toEqual([]);
	});
});

describe('the guard', () => {
	it.each([
		['nodes/shared/api/x.ts', "import { a } from '../files/route';", /the order is/],
		['nodes/shared/api/x.ts', "import type { A } from '../models/models';", /the order is/],
		['nodes/shared/files/x.ts', "import { a } from '../outputs/hosts';", /the order is/],
		['nodes/shared/x.ts', "import { a } from './api/client';", /has only/],
		['nodes/shared/api/x.ts', "import { a } from '../../fields/advice';", /no other room/],
		['nodes/fields/x.ts', "import { a } from '../host/item';", /may import nodes\/shared$/],
		['nodes/host/x.ts', "import { a } from '../jobs/ledger/ledger';", /nodes\/host may import/],
		['nodes/jobs/x.ts', "export * from '../Replicate/panel/form';", /nodes\/jobs may import/],
		['nodes/jobs/x.ts', "import { a } from '../../transports/edition';", /nodes\/jobs may import/],
		[
			'nodes/jobs/input/x.ts',
			"import { a } from '../ledger/ledger';",
			/in nodes\/jobs the order is/,
		],
		['nodes/jobs/callback/x.ts', "import { a } from '../process';", /in nodes\/jobs the order is/],
		['nodes/Replicate/x.ts', "import { a } from '../ReplicateTrigger/receive';", /may import/],
		['nodes/Replicate/x.ts', "import { a } from '../../dev/sandbox/server';", /not published/],
		['transports/n8n/x.ts', "import { a } from '../../nodes/shared/files/route';", /shared\/api/],
		['dev/sandbox/x.ts', "type A = import('../../nodes/shared/api/json').JsonValue;", /no other/],
		['dev/sandbox/x.ts', "const a = require('../../credentials/x');", /no other room/],
		['credentials/x.ts', "import { a } from '../nodes/jobs/ledger/ledger';", /may import/],
		['nodes/jobs/x.ts', "const a = await import('undici');", /^undici belongs to/],
		[
			'transports/n8n/x.ts',
			"import { request } from 'undici/index.js';",
			/undici\/index.js belongs/,
		],
	])('forbids in %s: %s', (file, text, why) => {
		const found = importsOf(file, text);
		expect(found).toHaveLength(1);
		expect(violation(found[0]!)).toMatch(why);
	});

	it.each([
		['nodes/shared/predictions/x.ts', "import { a } from '../api/client';"],
		['nodes/shared/predictions/x.ts', "import { a } from '../models/runKind';"],
		['nodes/Replicate/actions/x.ts', "import { a } from '../../../transports/edition';"],
		['nodes/jobs/x.ts', "import { a } from '../fields/advice';"],
		['nodes/jobs/callback/x.ts', "import { a } from '../ledger/ledger';"],
		['nodes/jobs/x.ts', "import { a } from './callback/suspension';"],
		['transports/undici/x.ts', "import { Agent } from 'undici';"],
		['transports/x.ts', "import { name } from '../package.json';"],
		['dev/bench/x.ts', "import { a } from '../../nodes/shared/api/client';"],
		['nodes/shared/api/x.ts', "import pMap from 'p-map';"],
	])('allows in %s: %s', (file, text) => {
		expect(importsOf(file, text).map(violation)).toEqual([undefined]);
	});
});
