import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { isNested } from '../shared/api/json';
import { isBinaryObject, type BinaryStore } from '../shared/files/binaryFile';
import type { ItemFiles } from '../shared/files/inputs';

/** How expressions of n8n's combined binary mode write a file's name. */
const COMBINED = '_files.';

/**
 * The files of one item. In n8n's combined binary mode they are in the item's JSON.
 *
 * @param baseUrl the API's address, see `ItemFiles`
 */
export function itemFilesOf(
	item: INodeExecutionData | undefined,
	store: BinaryStore,
	baseUrl?: URL,
): ItemFiles {
	const fields = filesOf(item);
	return {
		names: Object.keys(fields).filter((name) => !name.startsWith(COMBINED)),
		broken: Object.keys(item?.binary ?? {}).filter((name) => !Object.hasOwn(fields, name)),
		get: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
		store,
		baseUrl,
	};
}

/** An item's files by name: its binary fields, or in combined mode `_files.<name>` of its JSON. */
export function filesOf(item: INodeExecutionData | undefined): Record<string, IBinaryData> {
	const named: Array<[string, IBinaryData]> = [];
	for (const [name, value] of Object.entries(item?.binary ?? {})) {
		const file = binaryIn(value);
		if (file) named.push([name, file]);
	}
	const fields = Object.fromEntries(named);
	const combined: unknown = item?.json._files;
	if (typeof combined !== 'object' || combined === null) return fields;
	// The JSON may be anybody's.
	const isFile = (entry: [string, unknown]): entry is [string, IBinaryData] =>
		isBinaryObject(entry[1]);
	const files = Object.entries(combined).filter(isFile);
	return {
		...Object.fromEntries(files),
		...Object.fromEntries(files.map(([name, file]) => [COMBINED + name, file])),
		...fields,
	};
}

/** n8n's binary data with bytes. A Code node can make anything, such as one without its MIME type. */
function binaryIn(value: unknown): IBinaryData | undefined {
	if (!isNested(value)) return undefined;
	const { id, data, mimeType } = value;
	if (typeof id !== 'string' && typeof data !== 'string') return undefined;
	const file: unknown = (mimeType ?? undefined) === undefined ? { ...value, mimeType: '' } : value;
	return isBinaryObject(file) ? file : undefined;
}
