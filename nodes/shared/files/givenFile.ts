import type { IBinaryData } from 'n8n-workflow';
import { InputError } from '../api/errors';
import { withoutBlanks, withoutFence } from '../api/blanks';
import { isNested, parseJson, shown } from '../api/json';
import type { FileKind } from '../schema/openApi';
import { beginsAsAddress, readAddress, type RefusedAddress } from './address';
import { bytesIn, isBinaryObject } from '../schema/binaryValues';
import { toBinaryFile, type BinaryFile, type BinaryStore } from './binaryFile';
import { filesIn, referencesIn } from './fileObjects';
import { likenessOf } from './likeness';
import { partsOf } from './textList';

/** The files that came with one item. */
export interface ItemFiles {
	/** The item's binary fields, for error messages. */
	names: string[];
	/** Binary fields that hold something else than n8n's binary data. */
	broken?: string[];
	get(name: string): IBinaryData | undefined;
	store: BinaryStore;
	/** The API's address: models see private addresses only where it is private itself. */
	baseUrl?: URL;
}

/** One file: n8n's bytes, or a text (URL or data URI) that is sent as it is. */
export type FileValue = { kind: 'binary'; file: BinaryFile } | { kind: 'text'; text: string };

/** How often a value is unwrapped: JSON in JSON, a list in a list, an object around a file. */
const MAX_DEPTH = 4;

/**
 * Finds the files that a value stands for: the item's binary fields by their names, files that an
 * expression gave, addresses, or a list of these. What is exactly a field's name is that field; then the
 * text without blanks around it counts; then the JSON, or the list, that is written in it.
 *
 * @param wanted what needs the file, in words ('The input "image"')
 * @param kind   whether one file is wanted, a list, or either
 * @throws InputError for what is no file; it says what it looks like, and lists the item's binary fields
 */
export async function findFiles(
	wanted: string,
	value: unknown,
	kind: FileKind,
	item: ItemFiles,
): Promise<FileValue[]> {
	// What most items have: a file by the exact name of its field.
	const named = typeof value === 'string' ? item.get(value) : undefined;
	if (named) return [await binaryValue(named, item, value as string)];
	const found = await new GivenFiles(wanted, kind, item).find(value, MAX_DEPTH);
	if (kind !== 'file' || found.length <= 1) return found;
	throw new InputError(`${wanted} takes one file, and ${found.length} were given`, {
		code: 'filesTooMany',
		input: /"(.*)"/.exec(wanted)?.[1] ?? wanted,
		count: found.length,
	});
}

/**
 * Finds one file, as `findFiles` does.
 *
 * @throws InputError where there is none, or more than one
 */
export async function findFile(wanted: string, part: unknown, item: ItemFiles): Promise<FileValue> {
	const [only] = await findFiles(wanted, part, 'file', item);
	return only ?? notGiven(wanted, part, item);
}

/** The files that are given to one input. */
class GivenFiles {
	constructor(
		private readonly wanted: string,
		private readonly kind: FileKind,
		private readonly item: ItemFiles,
	) {}

	async find(value: unknown, depth: number): Promise<FileValue[]> {
		if (typeof value === 'string') return await this.inText(value, depth);
		if (depth < 0 || !isNested(value)) return this.refuse(value);
		return Array.isArray(value)
			? await this.inList(value, depth)
			: await this.inObject(value, depth);
	}

	private async inText(text: string, depth: number): Promise<FileValue[]> {
		const trimmed = withoutBlanks(withoutFence(text));
		const field = this.fieldNamed(text) ?? this.fieldNamed(trimmed) ?? this.fieldWithFile(trimmed);
		if (field !== undefined) return [await this.inField(field)];
		if (isOneAddress(trimmed)) return [this.atAddress(trimmed, text)];
		if (/^[[{"]/.test(trimmed) && depth >= 0) {
			const parsed = parsedOr(trimmed, text);
			if (parsed !== text) return await this.find(parsed, depth - 1);
		}
		const parts = partsOf(trimmed, (name) => this.fieldNamed(name) !== undefined);
		const isList =
			parts.length > 1 && (this.kind !== 'file' || parts.every((one) => this.isFile(one)));
		return isList
			? await this.inEach(parts, async (part) => [await this.inPart(part)])
			: [this.atAddress(parts.length === 1 ? parts[0]! : trimmed, text)];
	}

	/** One part of a list that is written as text. */
	private async inPart(part: string): Promise<FileValue> {
		const field = this.fieldNamed(part) ?? this.fieldWithFile(part);
		return field === undefined ? this.atAddress(part, part) : await this.inField(field);
	}

	private async inList(list: unknown[], depth: number): Promise<FileValue[]> {
		const bytes = bytesIn(list);
		if (bytes) return [await this.withBytes(bytes)];
		return await this.inEach(list, async (part) => await this.find(part, depth - 1));
	}

	private async inEach<T>(
		parts: T[],
		find: (part: T) => Promise<FileValue[]>,
	): Promise<FileValue[]> {
		const found: FileValue[] = [];
		for (const part of parts) found.push(...(await find(part)));
		return found;
	}

	private async inObject(value: Record<string, unknown>, depth: number): Promise<FileValue[]> {
		if (isBinaryObject(value) && (value.id || typeof value.data === 'string')) {
			return [await this.withBinary(value, 'file')];
		}
		const bytes = bytesIn(value);
		if (bytes) return [await this.withBytes(bytes, value)];
		const references = referencesIn(value);
		const [reference] = [...references.filter((text) => this.isFile(text.trim())), ...references];
		if (reference !== undefined) return await this.inText(reference, depth - 1);
		const inner = filesIn(value);
		if (inner) return await this.inEach(inner, async (one) => await this.find(one, depth - 1));
		// Says that its bytes are not there.
		if (isBinaryObject(value)) return [await this.withBinary(value, 'file')];
		return this.refuse(value);
	}

	/** The name of a binary field, if a text is one. */
	private fieldNamed(text: string): string | undefined {
		return this.item.get(text) ? text : undefined;
	}

	/** The field whose file has this name, where there is exactly one. */
	private fieldWithFile(fileName: string): string | undefined {
		if (fileName === '') return undefined;
		const named = this.item.names.filter((name) => this.item.get(name)?.fileName === fileName);
		return named.length === 1 ? named[0] : undefined;
	}

	private isFile(text: string): boolean {
		if (this.fieldNamed(text) !== undefined || this.fieldWithFile(text) !== undefined) return true;
		return readAddress(text, this.item.baseUrl)?.kind === 'address';
	}

	private async inField(name: string): Promise<FileValue> {
		return await this.withBinary(this.item.get(name)!, name);
	}

	private async withBinary(binary: IBinaryData, fallbackName: string): Promise<FileValue> {
		return await binaryValue(binary, this.item, fallbackName);
	}

	private async withBytes(bytes: Buffer, about: Record<string, unknown> = {}): Promise<FileValue> {
		const { fileName, mimeType } = about;
		const binary = {
			data: bytes.toString('base64'),
			mimeType: typeof mimeType === 'string' ? mimeType : '',
			...(typeof fileName === 'string' ? { fileName } : {}),
		};
		return await this.withBinary(binary, 'file');
	}

	/** @param given the text that the address is in, for the error */
	private atAddress(text: string, given: string): FileValue {
		const { baseUrl, names } = this.item;
		const address = findAddress(this.wanted, text, baseUrl, names);
		return address === undefined ? this.refuse(given) : { kind: 'text', text: address };
	}

	private refuse(value: unknown): never {
		return notGiven(this.wanted, value, this.item);
	}
}

async function binaryValue(
	binary: IBinaryData,
	{ store }: ItemFiles,
	fallbackName: string,
): Promise<FileValue> {
	return { kind: 'binary', file: await toBinaryFile(binary, store, fallbackName) };
}

/** Most texts are one address, and nothing else is looked for in it. */
function isOneAddress(text: string): boolean {
	if (!beginsAsAddress(text)) return false;
	return /^data:/i.test(text) ? /^[^,]*,[\w+/=-]*$/.test(text) : !/[,\r\n]|;\s/.test(text);
}

function parsedOr<T>(text: string, otherwise: T): unknown {
	try {
		return parseJson(text);
	} catch {
		return otherwise;
	}
}

/**
 * A text as the address of a file, ready to be sent; `undefined` for a text that is no address.
 *
 * @param baseUrl see `readAddress`
 * @param names   the item's binary fields, for the error
 * @throws InputError for an address that no model can fetch, and for broken base64
 */
export function findAddress(
	wanted: string,
	text: string,
	baseUrl?: URL,
	names: string[] = [],
): string | undefined {
	const read = readAddress(withoutBlanks(text), baseUrl);
	if (!read || read.kind === 'address') return read?.text;
	return refuseAddress(wanted, read, names);
}

function refuseAddress(wanted: string, read: RefusedAddress, names: string[]): never {
	switch (read.kind) {
		case 'private':
			throw new InputError(
				`${wanted} has the address ${read.origin}, which Replicate cannot reach from the internet`,
				{ code: 'fileAddressPrivate', origin: read.origin, binaryFields: names },
			);
		case 'unfetchable':
			throw new InputError(
				`${wanted} has an address that starts with ${read.scheme}:, which Replicate cannot fetch`,
				{ code: 'fileAddressUnfetchable', scheme: read.scheme, binaryFields: names },
			);
		case 'notBase64':
			throw new InputError(`${wanted} has a data URI whose base64 is broken`, {
				code: 'fileNotBase64',
				file: 'data URI',
			});
	}
}

function notGiven(wanted: string, value: unknown, item: ItemFiles): never {
	const { names, broken = [] } = item;
	const text = typeof value === 'string' ? value.trim() : undefined;
	const field = text !== undefined && broken.includes(text) ? text : undefined;
	if (field !== undefined) {
		throw new InputError(
			`${wanted} needs a file, and the item’s binary field "${field}" does not hold n8n’s binary data`,
			{ code: 'fileFieldBroken', binaryFields: names },
		);
	}
	const likeness = text === undefined ? 'object' : likenessOf(text);
	const given = typeof value === 'string' ? value.slice(0, 100) : shown(value);
	throw new InputError(`${wanted} needs a file, and the item has no binary field "${given}"`, {
		code: 'fileNotGiven',
		binaryFields: names,
		...(broken.length > 0 ? { broken } : {}),
		...(likeness === undefined ? {} : { likeness }),
	});
}
