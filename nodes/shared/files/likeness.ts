import type { Likeness } from '../api/errorFacts';

/** What a text looks like that is neither a binary field nor an address. */
export function likenessOf(text: string): Likeness | undefined {
	const beginning = text.slice(0, 2_000);
	if (/^\{\{|^=\{\{|^\$(?:binary|json)\b/.test(beginning)) return 'expression';
	if (isBase64(beginning)) return 'base64';
	if (/^(?:[a-z]:[\\/]|\\\\|~?\/|\.{1,2}\/)\S/i.test(beginning)) return 'path';
	if (/^(?:\/\/|www\.)\S+$|^(?:[a-z\d-]+\.)+[a-z]{2,}\/\S*$/i.test(beginning)) return 'webAddress';
	return undefined;
}

/** The first characters of base64 of files that models take: PNG, JPEG, GIF, RIFF, PDF, ZIP, MP3, MP4. */
const MAGIC = /^(?:iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|JVBERi|UEsDB|SUQz|\/\/[su]|AAAA[\w+/]{2}Z0eX)/;

function isBase64(text: string): boolean {
	const dense = text.replace(/\s+/g, '');
	if (!/^[A-Za-z\d+/_-]+={0,2}$/.test(dense)) return false;
	const isMixed = [/[A-Z]/, /[a-z]/, /\d/].every((some) => some.test(dense));
	return MAGIC.test(dense) || (dense.length >= 60 && isMixed);
}
