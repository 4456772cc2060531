import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
// With their extension: beside them are codex files, which Node takes for them without it.
import { Replicate } from '../../nodes/Replicate/Replicate.node.ts';
import { ReplicateChatModel } from '../../nodes/ReplicateChatModel/ReplicateChatModel.node.ts';
import { ReplicateTrigger } from '../../nodes/ReplicateTrigger/ReplicateTrigger.node.ts';
import * as instances from '../../nodes/Replicate/actions/deployment/instances';
import * as chatFields from '../../nodes/ReplicateChatModel/fields';
import * as files from '../../nodes/fields/files';
import { Field } from '../../nodes/fields/field';
import * as output from '../../nodes/fields/output';
import * as spending from '../../nodes/fields/spending';
import * as waiting from '../../nodes/fields/waiting';
import {
	operationsOf,
	operationsTable,
	parameterSections,
	parameterTable,
} from './parameterTables';

/*
 * Writes the tables of the documentation that say what the nodes' own descriptions say:
 * `npm run operations`.
 */

const DOCS = join(resolve(__dirname, '../..'), 'docs');

/**
 * The fields that have no value until they are added, though the panel then begins with a number: what
 * the code reads where nothing is set.
 */
function optionsThatAreOff(): Set<string> {
	const fields = [chatFields, files, instances, output, spending, waiting]
		.flatMap((module): unknown[] => Object.values(module))
		.filter((one): one is Field<unknown> => one instanceof Field);
	const unset = { parameter: (_name: string, fallback: unknown) => fallback };
	return new Set(
		fields
			.filter(({ property }) => typeof property.default === 'number')
			.filter((field) => field.read(unset) === undefined)
			.map(({ property }) => property.name),
	);
}

/** The pages by their file, each with new tables, formatted. */
export async function pagesWithTables(): Promise<Record<string, string>> {
	const off = optionsThatAreOff();
	const rows = operationsOf(new Replicate().description.properties);
	return {
		'operations.md': await page('operations.md', 'operations', operationsTable(rows)),
		'parameters.md': await page('parameters.md', 'parameters', parameterSections(rows, off)),
		'trigger.md': await page(
			'trigger.md',
			'parameters',
			parameterTable(new ReplicateTrigger().description.properties, off),
		),
		'chat-model.md': await page(
			'chat-model.md',
			'parameters',
			parameterTable(new ReplicateChatModel().description.properties, off),
		),
	};
}

/** @throws if the page has no place for the table */
async function page(name: string, mark: string, content: string): Promise<string> {
	const file = join(DOCS, name);
	const [before, inside, after] = readFileSync(file, 'utf8').split(
		new RegExp(`(?<=<!-- ${mark} -->)([\\s\\S]*)(?=<!-- /${mark} -->)`),
	);
	if (inside === undefined) throw new Error(`docs/${name} has no <!-- ${mark} -->`);
	const text = `${before}\n\n${content}\n\n${after}`;
	return await format(text, { ...(await resolveConfig(file)), filepath: file });
}

async function write(): Promise<void> {
	for (const [name, text] of Object.entries(await pagesWithTables())) {
		const file = join(DOCS, name);
		if (readFileSync(file, 'utf8') === text) {
			process.stdout.write(`docs/${name} says the same already.\n`);
			continue;
		}
		writeFileSync(file, text);
		process.stdout.write(`Wrote docs/${name}.\n`);
	}
}

if (require.main === module) void write();
