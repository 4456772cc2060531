import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { resources } from '../../nodes/Replicate/actions/resources';
import { operationsIn, operationsRun } from './operationsRun';

const root = resolve(__dirname, '../..');
const ACTIONS = 'nodes/Replicate/actions';

/** Every operation that has a file, by its resource and its value in workflows. */
const written = readdirSync(join(root, ACTIONS), { recursive: true, encoding: 'utf8' }).flatMap(
	(file) => {
		const [, resource, operation] = /^(\w+)\/(\w+)\.operation\.ts$/.exec(file) ?? [];
		return resource && operation ? [{ file: `${ACTIONS}/${file}`, resource, operation }] : [];
	},
);

const run = operationsRun();

/** The test in which an operation belongs: where most others of its resource are. */
function fileFor(resource: string): string {
	const operations = new Map<string, Set<string>>();
	for (const one of run.filter((each) => each.resource === resource)) {
		operations.set(one.file, (operations.get(one.file) ?? new Set()).add(one.operation));
	}
	const [most] = [...operations].sort(([, one], [, other]) => other.size - one.size);
	const own = `test/integration/${resource}s.test.ts`;
	return operations.has(own) ? own : (most?.[0] ?? own);
}

describe('an operation that has a file', () => {
	it('is found, every one', () => {
		expect(written.length).toBeGreaterThan(25);
	});

	it.each(written)('is named by the index of its resource: $file', ({ resource, operation }) => {
		const index = `${ACTIONS}/${resource}/index.ts`;
		expect({ index, operations: Object.keys(resources[resource]?.operations ?? {}) }).toEqual({
			index,
			operations: expect.arrayContaining([operation]) as string[],
		});
	});

	it.each(written)('is run by a test in test/integration/: $file', ({ resource, operation }) => {
		// What a node does that says nothing else.
		if (resource === 'prediction' && operation === 'run') return;
		const isRun = run.some((one) => one.resource === resource && one.operation === operation);
		const missing = isRun
			? undefined
			: `Write a test of { resource: '${resource}', operation: '${operation}' } in ${fileFor(resource)}`;
		expect(missing).toBeUndefined();
	});
});

describe('what a test runs', () => {
	const pairs = (text: string) =>
		operationsIn('a.test.ts', text).map(({ resource, operation }) => `${resource} ${operation}`);

	it.each([
		["run({ resource: 'file', operation: 'get' })", ['file get']],
		["run({ operation: 'get' })", ['prediction get']],
		["run('file', 'get', {})", ['file get']],
		["it.each([['file', 'get']])", ['file get']],
		["const run = (operation) => node({ resource: 'file', operation }); run('get')", ['file get']],
		["world.get('get'); const operation = 'get'; run({ resource: 'file' })", []],
	])('is read from %s', (text, found) => expect(pairs(text)).toEqual(found));
});
