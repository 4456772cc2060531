import { InputError } from '../api/errors';
import { isNested, shown, type InputObject, type InputValue } from '../api/json';
import type { InlinedFile, SentObject, SentValue } from '../api/jsonBody';
import { isFileObject, isNoFile } from '../schema/binaryValues';
import { isFileInput, type ModelInput } from '../schema/modelInputs';
import type { FileKind } from '../schema/openApi';
import type { BinaryFile } from './binaryFile';
import { inlineFile } from './dataUri';
import { findFile, findFiles, type FileValue, type ItemFiles } from './givenFile';
import { nestedFiles, withValueAt, type Place } from './nestedFiles';
import { publicUrl } from './publicUrl';
import { routeFiles, type Routing } from './route';
import type { UploadOptions, Uploads } from './uploads';

export { findFile, type FileValue, type ItemFiles };

/** Which binary fields (or which file) fill an input of the model. */
export interface FileAssignment {
	input: string;
	/** Names, comma separated; or a URL; or what an expression gave: a file, or a list of them. */
	binaryFields: unknown;
}

/** One input of the model with the files that fill it. */
export interface FileInput {
	input: string;
	/** Where in the input they are, for a file inside an object or a list of objects. */
	place?: Place;
	values: FileValue[];
	/** Whether the model wants a list, even for one file. */
	list: boolean;
}

/**
 * Finds the inputs of a prediction that are files: those that the schema marks, also inside objects and
 * lists of objects, those that hold a file from an expression, and those that an assignment names, which
 * win. Where exactly one file input that the model needs is empty, the item's only file fills it. Reads
 * no bytes of files that say what they are.
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
	const rules = new Map(inputs?.map((input) => [input.name, input]));
	const fileInputs = inputs?.filter(isFileInput) ?? [];
	const assigned = assignments.filter(
		({ input, binaryFields }) => input || !isNoFile(binaryFields),
	);
	const found: FileInput[] = [];
	for (const [name, value] of Object.entries(given)) {
		if (isNoFile(value) || assigned.some((row) => row.input === name)) continue;
		const rule = rules.get(name);
		if (rule && isFileInput(rule)) found.push(await fileInput(name, value, rule, item));
		else if (holdsFile(value)) found.push(await fileInput(name, value, undefined, item));
		// No other text, number or switch is a file.
		else if (isNested(value)) found.push(...(await filesInside(name, value, rule, item)));
	}
	const empty = assigned.filter(({ binaryFields }) => isNoFile(binaryFields));
	for (const row of assigned) {
		assertAssignable(row, inputs, fileInputs);
		if (empty.includes(row)) continue;
		const rule = fileInputs.find(({ name }) => name === row.input);
		found.push(await fileInput(row.input, row.binaryFields, rule, item));
	}
	const needy = onlyNeedy(fileInputs, found);
	const [onlyName] = item.names;
	const isFilled = needy && item.names.length === 1 && found.every(isText);
	const incomplete = empty.find(({ input }) => !isFilled || input !== needy.name);
	if (incomplete) refuseEmpty(incomplete);
	if (isFilled) found.push(await fileInput(needy.name, onlyName, needy, item));
	return found;
}

/** What is known of an input that takes files. */
type FileRule = Pick<ModelInput, 'maxItems'> & { kind: FileKind };

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
interface SentInput {
	input: SentObject;
	/** Ids of the uploads that it refers to. */
	uploadIds: string[];
}

/**
 * The prediction's input with every file in the form in which it travels.
 * Uploads happen here, after all files of the prediction have been found sendable.
 *
 * @param baseUrl Replicate's address, which a public URL must be reachable from
 * @throws InputError when a file cannot travel as asked; nothing was sent then
 */
export async function sendFiles(
	input: InputObject,
	fileInputs: FileInput[],
	routing: Routing,
	uploads: Uploads,
	baseUrl: URL,
	options: UploadOptions = {},
): Promise<SentInput> {
	const files = fileInputs
		.flatMap(({ values }) => values)
		.flatMap((value) => (value.kind === 'binary' ? [value.file] : []));
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
					const { id, urls } = await uploads.upload(file, options);
					if (uploads.isOwn(id)) uploadIds.push(id);
					sent.set(file, urls.get);
				}
			}
		}),
	);
	const filled = new Map<string, SentValue>(Object.entries(input));
	for (const { input: name, place, values, list } of fileInputs) {
		const all = values.map((value) => (value.kind === 'text' ? value.text : sent.get(value.file)!));
		const value = list ? all : all[0]!;
		filled.set(name, place ? withValueAt(filled.get(name)!, place, value) : value);
	}
	return { input: Object.fromEntries(filled), uploadIds };
}

async function fileInput(
	input: string,
	value: unknown,
	rule: FileRule | undefined,
	item: ItemFiles,
): Promise<FileInput> {
	const { kind, maxItems = Infinity } = rule ?? {};
	const values = await findFiles(`The input "${input}"`, value, kind ?? 'either', item);
	if (values.length > maxItems) {
		throw new InputError(
			`The input "${input}" takes up to ${maxItems} files, and ${values.length} were given`,
			{ code: 'filesTooMany', input, count: values.length, max: maxItems },
		);
	}
	return { input, values, list: kind === 'fileList' || values.length > 1 };
}

/** The files that the rules, or the values themselves, mark inside an input's object or list. */
async function filesInside(
	input: string,
	value: InputValue,
	rule: ModelInput | undefined,
	item: ItemFiles,
): Promise<FileInput[]> {
	const found: FileInput[] = [];
	for (const { place, words, value: part, kind } of nestedFiles(value, rule)) {
		const values = await findFiles(`The input "${input}"${words}`, part, kind, item);
		found.push({ input, place, values, list: kind === 'fileList' || values.length > 1 });
	}
	return found;
}

/** @throws InputError for a row that names no input, or one that the model does not have */
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
	if (!inputs || inputs.some(({ name }) => name === input)) return;
	throw new InputError(`The model has no input "${input}" for a file`, {
		code: 'fileInputUnknown',
		input,
		fileInputs: fileInputs.map(({ name }) => name),
	});
}

function refuseEmpty({ input }: FileAssignment): never {
	throw new InputError(`No binary field is named for the input "${input}"`, {
		code: 'fileInputIncomplete',
		input,
	});
}

function holdsFile(value: InputValue): boolean {
	return isFileObject(value) || (Array.isArray(value) && value.some(isFileObject));
}
