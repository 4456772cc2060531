import type { JsonObject } from '../api/json';

/** A JSON object in a text. */
export interface FoundObject {
	value: JsonObject;
	/** Its JSON. */
	json: string;
	/** Where it begins, in characters of the text. */
	start: number;
	/** Where what follows it begins. */
	end: number;
}

/** What begins as a JSON object, and is not JSON. */
export interface BrokenObject {
	json: string;
	/** The text ends inside it. */
	isOpen: boolean;
	hasTrailingComma: boolean;
}

/** A text in its parts. */
interface TextWithObjects {
	/** The outermost ones; what is inside an object belongs to it. */
	objects: FoundObject[];
	broken: BrokenObject[];
	/** All else, with a stop for each object. */
	words: string;
}

/** Braces of words, code and templates do not begin like this; objects of Python do. */
const BEGIN = /\{(?=\s*["'}])/g;

/**
 * Takes a text apart: its JSON objects, and the words around them. Each character is read a fixed
 * number of times, whatever the text.
 */
export function withObjects(text: string): TextWithObjects {
	const parts: TextWithObjects = { objects: [], broken: [], words: '' };
	const begin = new RegExp(BEGIN);
	const words: string[] = [];
	let end = 0;
	for (let match = begin.exec(text); match; match = begin.exec(text)) {
		const start = match.index;
		words.push(text.slice(end, start));
		const group = groupAt(text, start);
		end = start + group.json.length;
		begin.lastIndex = end;
		const value = group.isOpen ? undefined : parsed(group.json);
		if (value) parts.objects.push({ value, json: group.json, start, end });
		else parts.broken.push(group);
	}
	words.push(text.slice(end));
	return { ...parts, words: words.join(' . ') };
}

/** From one brace to the one that closes it, or to the end of the text. */
function groupAt(text: string, start: number): BrokenObject {
	let depth = 0;
	let isInText = false;
	let hasTrailingComma = false;
	let last = '';
	for (let at = start; at < text.length; at++) {
		const character = text[at]!;
		if (isInText) {
			if (character === '\\') at++;
			else if (character === '"') isInText = false;
			continue;
		}
		if (character === '"') isInText = true;
		if (character === '{') depth++;
		if (character === '}' || character === ']') hasTrailingComma ||= last === ',';
		if (character === '}' && --depth === 0) {
			return { json: text.slice(start, at + 1), isOpen: false, hasTrailingComma };
		}
		if (character.trim() !== '') last = character;
	}
	return { json: text.slice(start), isOpen: true, hasTrailingComma };
}

function parsed(json: string): JsonObject | undefined {
	try {
		return JSON.parse(json) as JsonObject;
	} catch {
		return undefined;
	}
}
