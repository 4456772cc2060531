import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { resources } from '../../nodes/Replicate/actions/resources';

const root = resolve(__dirname, '../..');
const ACTIONS = 'nodes/Replicate/actions';

/** Every operation that has a file, by its resource and its value in workflows. */
const written = readdirSync(join(root, ACTIONS), { recursive: true, encoding: 'utf8' }).flatMap(
	(file) => {
		const [, resource, operation] = /^(\w+)\/(\w+)\.operation\.ts$/.exec(file) ?? [];
		return resource && operation ? [{ file: `${ACTIONS}/${file}`, resource, operation }] : [];
	},
);

/** What the engine's tests say, in which each operation is named as workflows name it. */
const tests = readdirSync(join(root, 'test/integration'))
	.filter((file) => file.endsWith('.ts'))
	.map((file) => readFileSync(join(root, 'test/integration', file), 'utf8'))
	.join('\n');

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

	it.each(written)('is run by a test in test/integration/: $file', ({ operation }) => {
		const isDefault = operation === 'run';
		expect(isDefault || tests.includes(`'${operation}'`)).toBe(true);
	});
});
