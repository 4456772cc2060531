import { InputError } from '../api/errors';
import type { OpenApiDocument } from '../api/shapes';
import type { RunnableModel } from '../models/models';
import { isFileInput, modelInputs, type ModelInput } from '../schema/modelInputs';
import { isNode, SchemaReader, type FileKind } from '../schema/openApi';

/** A model that talks, with the inputs that a conversation fills. */
export interface LanguageModel {
	/** `owner/name`, or what was written where that is unknown. */
	name: string;
	/** All inputs; `undefined` where the schema is unknown. */
	inputs?: ModelInput[];
	/** The text to answer. Assumed where the schema is unknown. */
	prompt?: ModelInput;
	/** How the model is to behave. */
	system?: ModelInput;
	/** The whole conversation, as a list or as its JSON text. */
	messages?: ModelInput;
	/** Pictures that it sees. */
	images?: ModelInput & { kind: FileKind };
	/** What it hears, watches and reads beside pictures. */
	audio?: ModelInput & { kind: FileKind };
	video?: ModelInput & { kind: FileKind };
	document?: ModelInput & { kind: FileKind };
	/** Functions that it can call. */
	tools?: ModelInput;
	/** The frame that the model writes around a prompt; with it, the prompt can hold whole turns. */
	promptTemplate?: ModelInput;
}

/** Names of the same input in different models, the usual one first (public models, 2025 and 2026). */
const NAMES = {
	prompt: ['prompt'],
	system: ['system_prompt', 'system_instruction', 'instructions', 'system_message', 'system'],
	messages: ['messages', 'input_item_list'],
	tools: ['tools'],
	promptTemplate: ['prompt_template'],
};

/** What stands for the prompt of a model whose schema is not known. */
const ASSUMED_PROMPT: ModelInput = {
	name: 'prompt',
	title: 'Prompt',
	kind: 'text',
	required: true,
	acceptsNull: false,
	deprecated: false,
};

/**
 * Finds what of a model's inputs a conversation fills.
 *
 * @throws InputError for a model that takes no text, needs more than text, or gives no text
 */
export function languageModelOf({ name, version, inputs, schema }: RunnableModel): LanguageModel {
	const shown = name ?? version;
	if (!inputs) return { name: shown, prompt: ASSUMED_PROMPT };
	const model = { name: shown, inputs, ...conversationInputs(inputs) };
	const missing = whatIsMissing(model, inputs, schema);
	if (missing === undefined) return model;
	throw new InputError(`"${shown}" is not a language model: ${missing}`, {
		code: 'notALanguageModel',
		model: shown,
	});
}

/** Whether a schema is that of a language model: a prompt or messages in, text out. */
export function isLanguageModel(schema: OpenApiDocument | null | undefined): boolean {
	const inputs = modelInputs(schema);
	if (!inputs) return false;
	return whatIsMissing(conversationInputs(inputs), inputs, schema) === undefined;
}

/** What a language model takes beside text, by its schema. */
export function abilitiesOf(schema: OpenApiDocument | null | undefined) {
	const { tools, images } = conversationInputs(modelInputs(schema) ?? []);
	return { takesTools: tools !== undefined, takesImages: images !== undefined };
}

function conversationInputs(inputs: ModelInput[]): Omit<LanguageModel, 'name' | 'inputs'> {
	const named = (names: string[], kinds: string[]) =>
		names
			.map((name) => inputs.find((input) => input.name === name && kinds.includes(input.kind)))
			.find((input) => input !== undefined);
	return {
		prompt: named(NAMES.prompt, ['text']),
		system: named(NAMES.system, ['text']),
		messages: named(NAMES.messages, ['list', 'text', 'json']),
		tools: named(NAMES.tools, ['list', 'json']),
		promptTemplate: named(NAMES.promptTemplate, ['text']),
		images: fileNamed(inputs, /image/i),
		audio: fileNamed(inputs, /audio/i),
		video: fileNamed(inputs, /video/i),
		document: fileNamed(inputs, /pdf|document/i),
	};
}

function fileNamed(inputs: ModelInput[], name: RegExp) {
	return inputs.find(
		(input): input is ModelInput & { kind: FileKind } =>
			isFileInput(input) && name.test(input.name),
	);
}

/** Why a model cannot hold a conversation, or `undefined`. */
function whatIsMissing(
	{ prompt, messages }: Pick<LanguageModel, 'prompt' | 'messages'>,
	inputs: ModelInput[],
	schema: OpenApiDocument | null | undefined,
): string | undefined {
	if (!prompt && !messages) return 'it has no input for a prompt or for messages';
	const others = inputs.filter((input) => input !== prompt && input !== messages);
	const needed = others.filter(({ required, default: value }) => required && value === undefined);
	if (needed.length > 0) return `it also needs ${needed.map(({ name }) => name).join(', ')}`;
	return givesText(schema) ? undefined : 'its output is not text';
}

/** Text is a string that is no address, a list of tokens, or an object with a member `text`. */
function givesText(schema: OpenApiDocument | null | undefined): boolean {
	const reader = new SchemaReader(schema);
	const output = reader.output();
	if (!output) return false;
	const isText = (node: unknown): boolean =>
		isNode(node) &&
		reader.alternatives(node).some(({ type, format }) => type === 'string' && format !== 'uri');
	return reader.alternatives(output).some((node) => {
		if (node.type === 'object' && isNode(node.properties)) return isText(node.properties.text);
		if (node.type !== 'array') return isText(node);
		return node['x-cog-array-display'] === 'concatenate' && isText(node.items);
	});
}
