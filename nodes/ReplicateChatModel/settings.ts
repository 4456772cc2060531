import type { ParameterSource } from '../fields/field';
import { readJsonInput } from '../shared/schema/jsonInput';
import type { InputObject } from '../shared/api/json';
import { textOf } from '../shared/api/json';
import { languageModelOf, type LanguageModel } from '../shared/chat/languageModel';
import { parameterInput, type ChatParameters } from '../shared/chat/parameters';
import type { Models, RunnableModel } from '../shared/models/models';
import { partsOf } from '../shared/files/textList';
import { assertNotTooDeep, typedInput, unknownNames } from '../shared/schema/values';
import { parsedOr } from '../shared/schema/wrapped';
import { ParameterError } from '../fields/parameterError';
import * as fields from './fields';
import { parameterHints } from './parameterHints';

/** How the node is set: read and checked as a whole before anything is sent. */
export interface ChatSettings {
	/** What runs. */
	model: RunnableModel;
	/** The same as a partner in a conversation. */
	language: LanguageModel;
	system: string;
	/** URLs of images that are shown with each question. */
	images: string[];
	parameters: ChatParameters;
	/** Inputs that override all others. */
	additional: InputObject;
	offersToolsByPrompt: boolean;
	/** In s. */
	timeoutSeconds: number;
	maxPredictions: number;
	/** What the builder should know, though it stops nothing. */
	hints: string[];
}

/**
 * @throws InputError for settings that cannot be followed, or a model that is not a language model
 * @throws ApiError   when Replicate does not know the model
 */
export async function readChatSettings(
	from: ParameterSource,
	models: Models,
): Promise<ChatSettings> {
	const model = await models.runnable(fields.languageModel.read(from));
	const language = languageModelOf(model);
	const { label } = fields.additionalInputs;
	const { given, warnings } = readJsonInput(
		fields.additionalInputs.read(from),
		label,
		model.inputs,
	);
	assertNotTooDeep(given);
	const system = fields.systemPrompt.read(from).trim();
	const images = imageUrls(fields.imageUrls.read(from));
	const parameters: ChatParameters = {
		maxTokens: fields.maxTokens.read(from),
		temperature: fields.temperature.read(from),
		topP: fields.topP.read(from),
		reasoningEffort: fields.reasoningEffort.read(from).trim() || undefined,
	};
	const { changed } = parameterInput(language, parameters);
	const hints = parameterHints(language.name, changed);
	return {
		model,
		language,
		system,
		images: language.images ? images : [],
		parameters,
		additional: typedInput(model.inputs ?? [], given),
		offersToolsByPrompt: fields.toolCalling.read(from) === 'byPrompt',
		timeoutSeconds: fields.timeout.read(from),
		maxPredictions: fields.maxPredictions.read(from),
		hints: [
			...hints,
			...(images.length > 0 && !language.images
				? [`${language.name} has no input for images, so ${fields.imageUrls.label} was not sent.`]
				: []),
			...warnings,
			...(model.inputs ? unknownNames(model.inputs, given) : []),
		],
	};
}

/** One on a line, or separated by commas, or a JSON list. A data URI has a comma of its own. */
function imageUrls(text: string): string[] {
	const listed = /^\s*\[/.test(text) ? parsedOr(text, text) : text;
	const texts = Array.isArray(listed) ? listed.map(textOf) : [text];
	const urls = texts.flatMap((one) => partsOf(one, () => false));
	const wrong = urls.find((url) => !/^(?:https?|data):/i.test(url));
	if (wrong === undefined) return urls;
	throw new ParameterError(
		`${fields.imageUrls.label}: "${wrong.slice(0, 100)}" is not a URL`,
		'Write addresses that start with https://, one per line.',
	);
}
