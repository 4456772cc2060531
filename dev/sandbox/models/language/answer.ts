import type { Answer } from '../../language';
import type { Conversation } from './conversation';
import { filled } from './filled';
import {
	schemaInText,
	toolsInText,
	withoutInstructions,
	type JsonSchema,
	type Tool,
} from './jsonInText';
import { sentenceOf } from './sentence';
import { mentions } from './words';

/** The tool by which n8n's agents take an answer in the shape of an output parser. */
const FINAL_ANSWER = 'format_final_json_response';

export interface AnswerOptions {
	/** Tools that came in an input of their own. */
	offered?: Tool[];
	/** Added to words that are only said back. */
	remark?: string;
}

/** What a model is asked, taken out of a conversation. */
interface Question {
	text: string;
	/** What the tools gave that were called for it. */
	results: string[];
	tools: Tool[];
	/** What the answer has to fit. */
	schema?: JsonSchema;
	isExclusive: boolean;
}

/**
 * The answer of a model that nobody told what to say. It calls a tool that the question mentions,
 * states what tools gave, fills in a schema that it is asked for, or says back what was said last.
 */
export function madeUpAnswer(
	conversation: Conversation,
	{ offered = [], remark = '' }: AnswerOptions = {},
): Answer {
	const { text, results, tools, schema, isExclusive } = questionOf(conversation, offered);
	const final = tools.find(({ name }) => name === FINAL_ANSWER);
	const isDone = results.length > 0;
	const words = isDone ? results.map(sentenceOf).join(' ') : text;
	const tool = isDone ? undefined : (toolFor(text, tools) ?? final);
	if (tool ?? final) return { toolCalls: [callOf((tool ?? final)!, words)] };
	if (schema) {
		const value = filled(schema, { text: words, isExclusive });
		return { text: `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`` };
	}
	return { text: isDone ? words : echoOf(conversation) + remark };
}

/** What was said last, said back, and how many pictures came with it. */
export function echoOf({ turns, media }: Conversation): string {
	const last = turns.findLast(({ role }) => role !== 'assistant')?.text ?? '';
	return `You said "${last}".${media.length > 0 ? ` I see ${media.length} image(s).` : ''}`;
}

function questionOf({ turns }: Conversation, offered: Tool[]): Question {
	const isAsked = (at: number) => turns[at]!.role === 'user' && !turns[at - 1]?.isCall;
	const asked = turns.findLastIndex((_, at) => isAsked(at));
	const user = turns[asked]?.text ?? '';
	const system = turns.filter(({ role }) => role === 'system').map((turn) => turn.text);
	const instructions = [...system, user].join('\n\n');
	const written = offered.length > 0 ? [] : toolsInText(instructions);
	// What follows a call is its result, also where it came as a turn of the user.
	const called = turns.findLastIndex(({ isCall, role }) => isCall && role === 'assistant');
	const results = called > asked ? turns.slice(called + 1).map((turn) => turn.text) : [];
	const bare = withoutInstructions(user);
	const isAllInOne = toolsInText(user).length > 0;
	return {
		// A prompt that holds tools and question in one has the question at its end.
		text: isAllInOne ? bare.split(/\n\s*\n/).at(-1)! : bare,
		results,
		tools: [...offered, ...written],
		schema: schemaInText(instructions),
		isExclusive: /categories are mutually exclusive/i.test(instructions),
	};
}

/** The tool whose name and description share the most words with a question. */
function toolFor(question: string, tools: Tool[]): Tool | undefined {
	const ranked = tools
		.filter(({ name }) => name !== FINAL_ANSWER)
		.map((tool) => ({ tool, score: mentions(`${tool.name} ${tool.description}`, question) }))
		.sort((one, other) => other.score - one.score);
	return ranked[0] && ranked[0].score > 0 ? ranked[0].tool : undefined;
}

function callOf({ name, description, parameters }: Tool, text: string) {
	const about = `${name} ${description}`;
	return { name, arguments: filled(parameters, { text, about }) as Record<string, unknown> };
}
