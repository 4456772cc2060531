import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { INodePropertyOptions } from 'n8n-workflow';
import { format, resolveConfig } from 'prettier';
// With its extension: beside it lies a codex file, which Node takes for it without.
import { Replicate } from '../../nodes/Replicate/Replicate.node.ts';

/*
 * Writes the README's table of operations out of the node's own description: `npm run operations`.
 */

const README = join(resolve(__dirname, '../..'), 'README.md');
const TABLE = /(<!-- operations -->\n\n)[\s\S]*?(\n\n<!-- \/operations -->)/;

/** The table of all resources and operations, in the order of the editor. */
export function operationsTable(): string {
	const { properties } = new Replicate().description;
	const resources = properties.find(({ name }) => name === 'resource')!;
	const rows = (resources.options as INodePropertyOptions[]).flatMap(({ name, value }) => {
		const operations = properties.find(
			(property) =>
				property.name === 'operation' &&
				(property.displayOptions!.show!.resource as unknown[]).includes(value),
		)!;
		return (operations.options as INodePropertyOptions[]).map(
			(operation) => `| ${name} | ${operation.name} | ${operation.description} |`,
		);
	});
	return ['| resource | operation | what it does |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The README with a new table, formatted. */
export async function readmeWithTable(): Promise<string> {
	const text = readFileSync(README, 'utf8').replace(TABLE, `$1${operationsTable()}$2`);
	return await format(text, { ...(await resolveConfig(README)), filepath: README });
}

async function write(): Promise<void> {
	writeFileSync(README, await readmeWithTable());
}

if (require.main === module) void write();
