import type { Turn } from './conversation';

/** The beginning of a turn: as Llama 3 and ChatML mark it, and in plain words. */
const MARK =
	/<\|start_header_id\|>(\w+)<\|end_header_id\|>\s*|<\|im_start\|>(\w+)\s*|^(System|User|Human|Assistant):[ \t]*/gm;
const ENDS = /<\|(?:begin_of_text|eot_id|im_end)\|>/g;

/** The turns that are written in a prompt; without marks, it is one turn of the user. */
export function turnsInPrompt(prompt: string): Turn[] {
	const marks = [...prompt.matchAll(MARK)];
	const isTranscript = marks.some((mark) => roleOf(mark) === 'user');
	if (!isTranscript) return [{ role: 'user', text: prompt }];
	const turns = marks.map((mark, at): Turn => {
		const begin = mark.index + mark[0].length;
		return { role: roleOf(mark), text: clean(prompt.slice(begin, marks[at + 1]?.index)) };
	});
	return [{ role: 'system', text: clean(prompt.slice(0, marks[0]!.index)) }, ...turns];
}

function roleOf([, header, chatMl, plain]: RegExpMatchArray): Turn['role'] {
	const role = (header ?? chatMl ?? plain ?? '').toLowerCase();
	if (role === 'system' || role === 'assistant') return role;
	return role === 'tool' || role === 'ipython' ? 'tool' : 'user';
}

function clean(text: string): string {
	return text.replace(ENDS, '').trim();
}
