import type { IBinaryData } from 'n8n-workflow';
import type { CallOptions } from '../api/client';
import { InputError } from '../api/errors';
import { shown, type InputObject, type InputValue } from '../api/json';
import type { InlinedFile, SentObject, SentValue } from '../api/jsonBody';
import { isFileInput, type ModelInput } from '../schema/modelInputs';
import type { FileKind } from '../schema/openApi';
import { isBinaryObject, toBinaryFile, type BinaryFile, type BinaryStore } from './binaryFile';
import { inlineFile } from './dataUri';
import { publicUrl } from './publicUrl';
import { routeFiles, type Routing } from './route';
import type { FindStored, Uploads } from './uploads';

/** The files that came with one item. */
export interface ItemFiles {
	/** The item's binary fields, for error messages. */
	names: string[];
	get(name: string): IBinaryData | undefined;
	store: BinaryStore;
}

/** Which binary fields (or which file) fill an input of the model. */
export interface FileAssignment {
	input: string;
	/** Names, comma separated; or a URL; or what an expression gave: a file, or a list of them. */
	binaryFields: unknown;
}

/** One file: n8n's bytes, or a text (URL or data URI) that is sent as it is. */
type FileValue = { kind: 'binary'; file: BinaryFile } | { kind: 'text'; text: string };

/** One input of the model with the files that fill it. */
export interface FileInput {
	input: string;
	values: FileValue[];
	/** Whether the model wants a list, even for one file. */
	list: boolean;
}

/**
 * Finds the inputs of a prediction that are files: those that the schema marks, those that hold a
 * file from an expression, and those that an assignment names, which win. Where exactly one file input
 * that the model needs is empty, the item's only file fills it. Reads no bytes.
 *
 * @param inputs the model's inputs, where its schema is known
 * @throws InputError for a file that is not there, or an input that takes no file
 */
export async function findFileInputs(
	given: InputObject,
	assignments: FileAssignment[],
	inputs: ModelInput[] | undefined,
	item: ItemFiles,
): Promise<FileInput[]> {
	const fileInputs = inputs?.filter(isFileInput) ?? [];
	const kindOf = (name: string) => fileInputs.find((input) => input.name === name)?.kind;
	const assigned = assignments.filter(({ input: name, binaryFields }) => name || binaryFields);
	const found: FileInput[] = [];
	for (const [name, value] of Object.entries(given)) {
		const isEmpty = value === null || value === '';
		if (isEmpty || assigned.some((row) => row.input === name)) continue;
		if (kindOf(name) || holdsFile(value)) {
			found.push(await fileInput(name, listOf(value, kindOf(name)), kindOf(name), item));
		}
	}
	for (const row of assigned) {
		assertAssignable(row, inputs, fileInputs);
		found.push(
			await fileInput(row.input, listOf(row.binaryFields, 'either'), kindOf(row.input), item),
		);
	}
	const needy = onlyNeedy(fileInputs, found);
	const [onlyName] = item.names;
	if (needy && item.names.length === 1 && found.every(isText)) {
		found.push(await fileInput(needy.name, [onlyName], needy.kind, item));
	}
	return found;
}

/** The required file input that is still empty, if there is exactly one. */
function onlyNeedy<I extends ModelInput>(fileInputs: I[], found: FileInput[]): I | undefined {
	const needy = fileInputs.filter(
		({ name, required }) => required && !found.some(({ input }) => input === name),
	);
	return needy.length === 1 ? needy[0] : undefined;
}

function isText({ values }: FileInput): boolean {
	return values.every(({ kind }) => kind === 'text');
}

/** A file as it travels: where it is, or what it holds. */
type SentFile = string | InlinedFile;

/** A prediction's input as it is sent. */
export interface SentInput {
	input: SentObject;
	/** Ids of the uploads that it refers to. */
	uploadIds: string[];
}

/**
 * The prediction's input with every file in the form in which it travels.
 * Uploads happen here, after all files of the prediction have been found sendable.
 *
 * @param baseUrl Replicate's address, which a public URL must be reachable from
 * @param options `findStored` finds a file that Replicate has already
 * @throws InputError when a file cannot travel as asked; nothing was sent then
 */
export async function sendFiles(
	input: InputObject,
	fileInputs: FileInput[],
	routing: Routing,
	uploads: Uploads,
	baseUrl: URL,
	options: CallOptions & { findStored?: FindStored } = {},
): Promise<SentInput> {
	const files = fileInputs
		.flatMap(({ values }) => values)
		.flatMap((value) => (value.kind === 'binary' ? [value.file] : []));
	const { findStored, ...uploadOptions } = options;
	const routes = routeFiles(files, routing);
	const sent = new Map<BinaryFile, SentFile>();
	const uploadIds: string[] = [];
	await Promise.all(
		files.map(async (file, index) => {
			switch (routes[index]!) {
				case 'dataUri':
					sent.set(file, await inlineFile(file));
					break;
				case 'publicUrl':
					sent.set(file, publicUrl(file, baseUrl));
					break;
				case 'upload': {
					const { id, urls } = await uploads.upload(file, uploadOptions, findStored);
					if (uploads.isOwn(id)) uploadIds.push(id);
					sent.set(file, urls.get);
				}
			}
		}),
	);
	const filled = new Map<string, SentValue>(Object.entries(input));
	for (const { input: name, values, list } of fileInputs) {
		const all = values.map((value) => (value.kind === 'text' ? value.text : sent.get(value.file)!));
		filled.set(name, list ? all : all[0]!);
	}
	return { input: Object.fromEntries(filled), uploadIds };
}

async function fileInput(
	input: string,
	parts: unknown[],
	kind: FileKind | undefined,
	item: ItemFiles,
): Promise<FileInput> {
	if (parts.length > 1 && kind === 'file') {
		throw new InputError(`The input "${input}" takes one file, and ${parts.length} were given`, {
			code: 'filesTooMany',
			input,
			count: parts.length,
		});
	}
	const values: FileValue[] = [];
	for (const part of parts) values.push(await findFile(`The input "${input}"`, part, item));
	return { input, values, list: kind === 'fileList' || parts.length > 1 };
}

/**
 * Finds one file: the item's binary field of that name, a file that an expression gave, or a text
 * that is a URL or a data URI.
 *
 * @param wanted what needs the file, in words ('The input "image"')
 * @throws InputError when there is no such file; it lists the item's binary fields
 */
export async function findFile(wanted: string, part: unknown, item: ItemFiles): Promise<FileValue> {
	if (isBinaryObject(part)) {
		return { kind: 'binary', file: await toBinaryFile(part, item.store, 'file') };
	}
	if (typeof part === 'string') {
		const binary = item.get(part);
		if (binary) return { kind: 'binary', file: await toBinaryFile(binary, item.store, part) };
		// Which schemes work is up to the model: https and data, but also s3 or gs.
		if (/^[a-z][a-z\d+.-]*:/i.test(part)) return { kind: 'text', text: part };
	}
	throw new InputError(
		`${wanted} needs a file, and the item has no binary field "${typeof part === 'string' ? part.slice(0, 100) : shown(part)}"`,
		{ code: 'fileNotGiven', binaryFields: item.names },
	);
}

/** The parts of a value: a list's elements, the names of a comma separated text, or the value. */
function listOf(value: unknown, kind: FileKind | undefined): unknown[] {
	if (Array.isArray(value)) return value;
	const isOneText = typeof value !== 'string' || /^[a-z][a-z\d+.-]*:/i.test(value);
	if (isOneText || kind === 'file' || kind === undefined) return [value];
	return value
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
}

function assertAssignable(
	{ input, binaryFields }: FileAssignment,
	inputs: ModelInput[] | undefined,
	fileInputs: ModelInput[],
): void {
	if (!input) {
		const files = shown(binaryFields);
		throw new InputError(`The files ${files} are not given to any input`, {
			code: 'fileInputIncomplete',
			files,
		});
	}
	if (!binaryFields) {
		throw new InputError(`No binary field is named for the input "${input}"`, {
			code: 'fileInputIncomplete',
			input,
		});
	}
	if (!inputs || inputs.some(({ name }) => name === input)) return;
	throw new InputError(`The model has no input "${input}" for a file`, {
		code: 'fileInputUnknown',
		input,
		fileInputs: fileInputs.map(({ name }) => name),
	});
}

function holdsFile(value: InputValue): boolean {
	return isBinaryObject(value) || (Array.isArray(value) && value.some(isBinaryObject));
}
