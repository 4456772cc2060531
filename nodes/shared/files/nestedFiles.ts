import { isNested, type InputValue } from '../api/json';
import type { SentValue } from '../api/jsonBody';
import { isFileObject, isNoFile } from '../schema/binaryValues';
import { isFileInput, type ValueRule } from '../schema/modelInputs';
import type { FileKind } from '../schema/openApi';

/** The way to a value inside an object or a list: keys and positions. */
export type Place = Array<string | number>;

/** A file inside an object or a list. */
interface NestedFile {
	place: Place;
	/** The same place in words (', element 2, "image"'). */
	words: string;
	value: unknown;
	kind: FileKind;
}

/**
 * The files inside an input that is not a file itself: where its rule has files, and n8n's binary data wherever
 * it is.
 */
export function nestedFiles(value: InputValue, rule: ValueRule | undefined): NestedFile[] {
	const found: NestedFile[] = [];
	const look = (one: unknown, its: ValueRule | undefined, place: Place, words: string): void => {
		const isMarked = its !== undefined && isFileInput(its);
		if (isMarked && isNoFile(one)) return;
		if (isMarked || isFileObject(one)) {
			found.push({ place, words, value: one, kind: isMarked ? its.kind : 'file' });
			return;
		}
		if (Array.isArray(one)) {
			one.forEach((element: unknown, index) => {
				if (isNested(element) || (its?.items && isFileInput(its.items))) {
					look(element, its?.items, [...place, index], `${words}, element ${index + 1}`);
				}
			});
		} else if (isNested(one)) {
			const members = its?.members ?? {};
			for (const [key, member] of Object.entries(one)) {
				const memberRule = Object.hasOwn(members, key) ? members[key] : undefined;
				if (memberRule || isNested(member)) {
					look(member, memberRule, [...place, key], `${words}, "${key}"`);
				}
			}
		}
	};
	look(value, rule, [], '');
	return found;
}

/** A copy with another value at a place. */
export function withValueAt(whole: SentValue, place: Place, value: SentValue): SentValue {
	const [key, ...rest] = place;
	if (key === undefined) return value;
	const copy = (Array.isArray(whole) ? [...whole] : { ...(whole as object) }) as Record<
		string | number,
		SentValue
	>;
	copy[key] = withValueAt(copy[key]!, rest, value);
	return copy as SentValue;
}
