import { Parser } from 'htmlparser2';

/** The longest page that is read, in characters: its words come early. */
const MAX_PAGE = 100_000;

/** Elements whose text is not for people. */
const HIDDEN = new Set(['script', 'style', 'noscript', 'template', 'svg']);

/** Whether a text is a page, or part of one. */
export function isHtml(text: string): boolean {
	return /<!doctype html|<(?:html|head|title|body|h1|center|p|div|pre)\b[^<>]{0,500}>/i.test(
		text.slice(0, MAX_PAGE),
	);
}

/** What a page says: its texts without tags, each said once. */
export function wordsOfHtml(page: string): string {
	const texts: string[] = [];
	let hidden = 0;
	const parser = new Parser({
		onopentagname: (name) => {
			if (HIDDEN.has(name)) hidden += 1;
			texts.push('');
		},
		onclosetag: (name) => {
			if (HIDDEN.has(name)) hidden -= 1;
			texts.push('');
		},
		ontext: (text) => {
			if (hidden === 0) texts.push((texts.pop() ?? '') + text);
		},
	});
	parser.end(page.slice(0, MAX_PAGE));
	const words = texts.map((text) => text.replace(/\s+/g, ' ').trim()).filter((text) => text !== '');
	return [...new Set(words)].join(' · ');
}
