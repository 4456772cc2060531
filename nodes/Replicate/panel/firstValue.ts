import type { ModelInput } from '../../shared/schema/modelInputs';

/** Inputs that people write sentences into, by how their names end. */
const PROSE =
	/(?:^|_)(?:caption|description|instructions?|lyrics|message|prompt|script|story|text|transcript)$/i;

/** The longest description that an agent reads of an input. */
const DESCRIPTION_LENGTH = 300;

/** Whether an input holds sentences, so that its field is to have many lines. */
export function isProse({ name, kind }: ModelInput): boolean {
	return kind === 'text' && PROSE.test(name);
}

/**
 * A field of many lines: n8n opens a text that begins with "=" in its editor for expressions, which
 * wraps, keeps line breaks and takes what is dropped. A text with braces would run there.
 */
export function proseValue(text: string): string | undefined {
	return /[{}]/.test(text) ? undefined : `=${text}`;
}

/**
 * The mark with which n8n's own button lets an agent write a field. The description is the model
 * author's: nothing in it may end the text, or the expression that it is in. The key is not one that a
 * builder would write: n8n refuses two marks of one key whose descriptions differ, and the form keeps
 * this one as its default.
 */
export function agentValue({ name, description, title }: ModelInput): string {
	const key = `model_${name.replace(/[^\w-]/g, '_')}`.slice(0, 64);
	const about = (description ?? title)
		.replace(/[`\\$@{}"'\s]+/g, ' ')
		.trim()
		.slice(0, DESCRIPTION_LENGTH);
	return `={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${key}', \`${about}\`, 'string') }}`;
}
