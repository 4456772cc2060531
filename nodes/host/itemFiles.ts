import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { isBinaryObject, type BinaryStore } from '../shared/files/binaryFile';
import type { ItemFiles } from '../shared/files/inputs';

/** How expressions of n8n's combined binary mode write a file's name. */
const COMBINED = '_files.';

/** The files of one item. In n8n's combined binary mode they are in the item's JSON. */
export function itemFilesOf(item: INodeExecutionData | undefined, store: BinaryStore): ItemFiles {
	const fields = filesOf(item);
	return {
		names: Object.keys(fields).filter((name) => !name.startsWith(COMBINED)),
		get: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
		store,
	};
}

/** An item's files by name: its binary fields, or in combined mode `_files.<name>` of its JSON. */
export function filesOf(item: INodeExecutionData | undefined): Record<string, IBinaryData> {
	const combined: unknown = item?.json._files;
	// The JSON may be anybody's.
	const isFile = (entry: [string, unknown]): entry is [string, IBinaryData] =>
		isBinaryObject(entry[1]);
	const files = Object.entries(typeof combined === 'object' ? (combined ?? {}) : {}).filter(isFile);
	return {
		...Object.fromEntries(files),
		...Object.fromEntries(files.map(([name, file]) => [COMBINED + name, file])),
		...item?.binary,
	};
}
