import { isNested } from '../api/json';
import { isBinaryObject } from '../schema/binaryValues';
import { elementsByPlace } from '../schema/wrapped';

/**
 * Where an object says that a file is, the surest first: n8n's chat names a binary field as `binaryKey`,
 * and this node lists a file that it fetched with its `url` and its `field`.
 */
export function referencesIn({ binaryKey, url, field }: Record<string, unknown>): string[] {
	return [binaryKey, url, field].filter(
		(one): one is string => typeof one === 'string' && one.trim() !== '',
	);
}

/** Names under which an object holds nothing but a value, or an item its parts. */
const WRAPPERS = ['json', 'data', 'value', 'file'];

/**
 * The files inside an object that is not a file itself: those of an item or of its `binary`, or what a wrapper
 * such as `{ data: … }` or a list with its places for keys holds; `undefined` where there are none.
 */
export function filesIn(value: Record<string, unknown>): unknown[] | undefined {
	const listed = elementsByPlace(value);
	if (listed) return listed;
	const { binary } = value;
	if (isNested(binary) && !Array.isArray(binary)) return filesIn(binary);
	const members = Object.entries(value);
	if (members.length > 0 && members.every(([, member]) => isBinaryObject(member))) {
		return members.map(([, member]) => member);
	}
	const [only] = members;
	return members.length === 1 && WRAPPERS.includes(only![0]) ? [only![1]] : undefined;
}
