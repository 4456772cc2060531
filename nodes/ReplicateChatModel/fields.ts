import type { INodeProperties } from 'n8n-workflow';
import { choiceField, optionalNumberField, wholeNumberField } from '../fields/bounded';
import { option, optionsProperty } from '../fields/collection';
import { textField, type Field } from '../fields/field';
import { inputJson } from '../fields/input';
import { model } from '../fields/model';
import { maxPredictions as maxPredictionsOfNode } from '../fields/spending';
import { timeout as usualTimeout } from '../fields/waiting';

const [list, name, url] = model.property.modes!;

export const languageModel = model.with({
	builderHint: {
		propertyHint:
			'Find one with the listSearch method; without a filter it lists the official ones first. Set { __rl: true, mode: "name", value: "owner/name" }.',
	},
	description:
		'The language model that answers. The list has language models only, official ones first.',
	modes: [
		{
			...list!,
			placeholder: 'Search, for example: claude',
			typeOptions: { searchListMethod: 'searchLanguageModels', searchable: true },
		},
		{ ...name!, placeholder: 'e.g. meta/meta-llama-3-70b-instruct' },
		{ ...url!, placeholder: 'e.g. https://replicate.com/openai/gpt-4o' },
	],
});

export const maxTokens = option(
	wholeNumberField(
		{
			displayName: 'Maximum Number of Tokens',
			name: 'maxTokens',
			default: 1_024,
			description:
				'The most tokens that an answer may have. If not added, the model’s own default.',
		},
		{ min: 1, max: Infinity },
	),
);

export const temperature = option(
	optionalNumberField(
		{
			displayName: 'Sampling Temperature',
			name: 'temperature',
			default: 0.7,
			description:
				'Controls randomness: 0 for nearly the same answer each time, higher for more variety',
		},
		{ min: 0, max: 2 },
	),
);

export const topP = option(
	optionalNumberField(
		{
			displayName: 'Top P',
			name: 'topP',
			default: 1,
			description:
				'Limits the model to the most likely tokens: 0.1 for the top 10 %. Change this or the temperature, not both.',
		},
		{ min: 0, max: 1 },
	),
);

export const reasoningEffort = option(
	textField({
		displayName: 'Reasoning Effort',
		name: 'reasoningEffort',
		placeholder: 'e.g. low',
		description:
			'How long the model thinks before it answers, in the model’s own words, such as minimal, low, medium or high',
	}),
);

export const systemPrompt = option(
	textField({
		displayName: 'System Prompt',
		name: 'systemPrompt',
		typeOptions: { rows: 4 },
		placeholder: 'e.g. Answer in one sentence.',
		description:
			'How the model should behave. It comes before the system message of the chain or agent.',
	}),
);

export const imageUrls = option(
	textField({
		displayName: 'Image URLs',
		name: 'imageUrls',
		typeOptions: { rows: 2 },
		placeholder: 'e.g. https://example.com/photo.jpg',
		description:
			'Images to show to the model with each question, one URL per line. Images that a chain or agent sends are shown in any case.',
	}),
);

/** Whether a model that has no tools of its own is given them in its prompt. */
export const toolCalling = option(
	choiceField<'refuse' | 'byPrompt'>(
		{
			displayName: 'If the Model Takes No Tools',
			name: 'toolCalling',
			default: 'refuse',
			builderHint: {
				propertyHint:
					'Set "byPrompt" for an agent with tools whose model has no input "tools"; otherwise leave it out.',
			},
			description:
				'What to do when an agent has tools and the model does not support them. Models that support tools get them in any case.',
		},
		{
			refuse: {
				name: 'Stop with an Error',
				description: 'The error names models that support tools',
			},
			byPrompt: {
				name: 'Describe Them in the Prompt (Experimental)',
				description:
					'Read the calls out of the answer. Invalid tool calls are retried once, as a second paid prediction. How well it works depends on the model.',
			},
		},
	),
);

/** In s. */
export const timeout = usualTimeout.with({
	default: 300,
	description: 'How long to wait for each answer. A prediction that is not finished is cancelled.',
});

export const additionalInputs = option(inputJson).with({
	description:
		'Further inputs of the model as a JSON object, as its API page shows them. They override what the other options and the conversation give.',
	placeholder: 'e.g. { "verbosity": "low" }',
});

/** An agent asks as often as it wants, so that it has a limit where nobody has set one. */
export const maxPredictions = maxPredictionsOfNode.with({
	default: 100,
	description:
		'How many predictions the chain or agent may create in one run, over all its items and tries. An agent that never ends stops here. Without the option, 100.',
});

const OPTIONS: Array<Field<unknown>> = [
	systemPrompt,
	maxTokens,
	temperature,
	topP,
	reasoningEffort,
	imageUrls,
	toolCalling,
	timeout,
	maxPredictions,
	additionalInputs,
];

/** The panel of the chat model. */
export const chatModelProperties: INodeProperties[] = [
	languageModel.property,
	optionsProperty(OPTIONS),
];
