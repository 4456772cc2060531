import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '../..');
/** The folders whose imports are guarded. */
const GUARDED = ['nodes', 'credentials', 'transports', 'dev'];

/** The rooms of the package, and which others each may import. Files outside them belong to none. */
const ROOMS: Record<string, string[]> = {
	'nodes/Replicate': ['nodes/jobs', 'nodes/host', 'nodes/fields', 'nodes/shared', 'transports'],
	'nodes/ReplicateTrigger': [
		'nodes/jobs',
		'nodes/host',
		'nodes/fields',
		'nodes/shared',
		'transports',
	],
	'nodes/ReplicateChatModel': [
		'nodes/jobs',
		'nodes/host',
		'nodes/fields',
		'nodes/shared',
		'transports',
	],
	'nodes/jobs': ['nodes/host', 'nodes/fields', 'nodes/shared'],
	'nodes/host': ['nodes/fields', 'nodes/shared', 'transports'],
	'nodes/fields': ['nodes/shared'],
	// What a transport is, and nothing else of Replicate.
	transports: ['nodes/shared/api'],
	'nodes/shared': [],
	credentials: ['nodes/fields', 'nodes/shared'],
	// A server that behaves like Replicate must not share its client's mistakes.
	'dev/sandbox': [],
};

/** The rooms inside `nodes/shared`: each may import those after it. */
const SHARED = ['chat', 'predictions', 'webhooks', 'outputs', 'files', 'models', 'schema', 'api'];

/** The rooms inside `nodes/jobs`: each may import those after it. The files beside them are above all. */
const JOBS = ['callback', 'output', 'ledger', 'input'];

/** Libraries that only one place may import. */
const LIBRARIES: Record<string, string[]> = {
	undici: ['transports/undici'],
};

/** One import, by the file that has it and by what it names. */
export interface Import {
	/** Below the project's root. */
	file: string;
	/** A file below the project's root, or a library. */
	imported: string;
}

/** Why an import is forbidden, or `undefined` for one that is allowed. */
export function violation({ file, imported }: Import): string | undefined {
	const owners = LIBRARIES[libraryOf(imported)];
	const isProduct = !isIn(file, 'dev');
	if (owners && isProduct && !owners.some((place) => isIn(file, place))) {
		return `${imported} belongs to ${owners.join(' or ')}`;
	}
	const from = roomOf(file);
	if (!GUARDED.some((folder) => isIn(imported, folder))) return undefined;
	if (isProduct && isIn(imported, 'dev')) return 'dev/ is not published';
	if (from === undefined) return undefined;
	if (isIn(imported, from)) {
		if (from === 'nodes/shared') return inShared(file, imported);
		return from === 'nodes/jobs' ? inJobs(file, imported) : undefined;
	}
	if (ROOMS[from]!.some((allowed) => isIn(imported, allowed))) return undefined;
	return `${from} may import ${ROOMS[from]!.join(', ') || 'no other room'}`;
}

function inShared(file: string, imported: string): string | undefined {
	const [own, other] = [file, imported].map((path) => SHARED.indexOf(path.split('/')[2]!));
	if (own === -1 || other === -1) return `nodes/shared has only ${SHARED.join(', ')}`;
	if (other! >= own!) return undefined;
	return `in nodes/shared the order is ${SHARED.join(', ')}`;
}

function inJobs(file: string, imported: string): string | undefined {
	const [own, other] = [file, imported].map((path) => JOBS.indexOf(path.split('/')[2]!));
	if (own === -1 || (other !== -1 && other! >= own!)) return undefined;
	return `in nodes/jobs the order is files, ${JOBS.join(', ')}`;
}

function roomOf(file: string): string | undefined {
	return Object.keys(ROOMS).find((room) => isIn(file, room));
}

function isIn(file: string, folder: string): boolean {
	return file === folder || file.startsWith(`${folder}/`);
}

function libraryOf(imported: string): string {
	const [scope, name] = imported.split('/');
	return scope!.startsWith('@') ? `${scope}/${name}` : scope!;
}

/** All imports of the guarded folders: of values and types, at the top, on demand, and passed on. */
export function allImports(): Import[] {
	return GUARDED.filter((folder) => readdirSync(root).includes(folder)).flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => /\.[cm]?[jt]s$/.test(name) && !name.includes('node_modules'))
			.flatMap((name) => {
				const file = join(folder, name);
				return importsOf(file, readFileSync(join(root, file), 'utf8'));
			}),
	);
}

/** The imports of one file. */
export function importsOf(file: string, text: string): Import[] {
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
	const found: Import[] = [];
	const add = (name: ts.Node | undefined) => {
		if (!name || !ts.isStringLiteralLike(name)) return;
		const { text: written } = name;
		const imported = written.startsWith('.') ? normalize(join(dirname(file), written)) : written;
		found.push({ file, imported });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
		if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
			add(node.argument.literal);
		if (ts.isExternalModuleReference(node)) add(node.expression);
		if (ts.isCallExpression(node)) {
			const called = node.expression;
			const isRequire = called.getText(source) === 'require';
			if (isRequire || called.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
		}
		node.forEachChild(visit);
	};
	visit(source);
	return found;
}
