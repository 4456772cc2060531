import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { textOf } from './papers';

const root = resolve(__dirname, '../..');
const FOLDER = 'test/integration';
/** What a node is about that does not say it. */
const DEFAULT_RESOURCE = 'prediction';

/** An operation that a test runs, in whatever way its file says so. */
export interface OperationRun {
	resource: string;
	operation: string;
	file: string;
}

/**
 * The operations that the engine's tests run, each with its resource: as `{ resource: 'file',
 * operation: 'get' }`, as two texts beside each other in a call or a row, such as `run('file', 'get')`,
 * or by the operation alone in a file whose helper says the resource once.
 */
export function operationsRun(): OperationRun[] {
	return readdirSync(join(root, FOLDER))
		.filter((name) => name.endsWith('.ts'))
		.flatMap((name) => operationsIn(`${FOLDER}/${name}`, textOf(`${FOLDER}/${name}`)));
}

/** Those of one file. */
export function operationsIn(path: string, text: string): OperationRun[] {
	const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
	const found: OperationRun[] = [];
	const resources = new Set<string>();
	const alone = new Set<string>();
	const note = (resource?: string, operation?: string) => {
		if (resource && operation) found.push({ resource, operation, file: path });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isObjectLiteralExpression(node)) {
			const resource = memberOf(node, 'resource');
			const operation = memberOf(node, 'operation');
			note(resource ? textIn(resource) : DEFAULT_RESOURCE, textIn(operation));
			// `operation` is what the helper was called with.
			if (resource && operation && !textIn(operation)) resources.add(textIn(resource) ?? '');
		}
		const parts = ts.isCallExpression(node)
			? [...node.arguments]
			: ts.isArrayLiteralExpression(node)
				? [...node.elements]
				: [];
		parts.forEach((part, at) => note(textIn(part), textIn(parts[at + 1])));
		if (textIn(parts[0])) alone.add(textIn(parts[0])!);
		node.forEachChild(visit);
	};
	visit(file);
	const [only = '', ...others] = resources;
	if (others.length === 0) for (const operation of alone) note(only, operation);
	return found;
}

function memberOf(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
	for (const member of node.properties) {
		if (ts.isShorthandPropertyAssignment(member) && member.name.text === name) return member.name;
		if (ts.isPropertyAssignment(member) && member.name.getText() === name) {
			return member.initializer;
		}
	}
	return undefined;
}

function textIn(node: ts.Node | undefined): string | undefined {
	return node && ts.isStringLiteralLike(node) ? node.text : undefined;
}
