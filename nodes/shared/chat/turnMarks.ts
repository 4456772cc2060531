/**
 * Marks with which models tell whose turn it is, of every format that is known: those of Llama 2 to 4,
 * ChatML, Mistral, Gemma, Zephyr, Phi, gpt-oss, Command R and DeepSeek, by their model cards. Which of
 * them a model knows cannot be told from its name, and one that it does not know is of no use in a text.
 */
const MARKS = [
	/<\|(?:begin_of_text|end_of_text|start_header_id|end_header_id|header_start|header_end|eot_id|eom_id|eot|eom|python_tag|im_start|im_end|im_sep|endoftext|startoftext|endofprompt|system|user|assistant|tool|observation|end|start|message|channel|constrain|return|call|(?:START|END)_OF_TURN_TOKEN|(?:SYSTEM|USER|CHATBOT)_TOKEN)\|>/g,
	/<｜(?:begin▁of▁sentence|end▁of▁sentence|System|User|Assistant|tool▁[a-z▁]{1,40})｜>/g,
	/\[\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]|<<\/?SYS>>|<\/?s>|<(?:bos|eos|start_of_turn|end_of_turn)>/g,
];

/** A line that begins like a turn with plain marks, whatever white space is before it. */
const PLAIN_MARK =
	/^(?=[\t\v\f \u00a0\u00ad\u1680\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\ufeff]*(?:User|Human|Assistant|System)[ \t]{0,8}[:：])/gim;

/**
 * A text that cannot forge a turn. A space takes a mark's place, so that what is left of marks inside of
 * marks cannot become one anew.
 */
export function withoutMarks(text: string): string {
	return MARKS.reduce((clean, marks) => clean.replace(marks, ' '), text).trim();
}

/** The same for a prompt whose turns have plain marks: a line that begins like one is quoted. */
export function withoutPlainMarks(text: string): string {
	return withoutMarks(text).replace(PLAIN_MARK, '> ');
}
