import type { InputObject, InputValue } from '../api/json';
import { rangeOf, type ModelInput } from '../schema/modelInputs';
import { typedInput } from '../schema/values';
import type { LanguageModel } from './languageModel';

/** How the model is to write; what is not set is left to the model. */
export interface ChatParameters {
	maxTokens?: number;
	temperature?: number;
	topP?: number;
	reasoningEffort?: string;
	/** Texts that end the answer. */
	stop?: string[];
}

/** What is sent of the parameters, and what is not. */
export interface ParameterInput {
	input: InputObject;
	/** What the builder should know, though it stops nothing. */
	hints: string[];
}

/** Names of the same input in different models, the usual one first (public models, 2025 and 2026). */
const NAMES: Record<keyof ChatParameters, { label: string; names: string[] }> = {
	maxTokens: {
		label: 'Maximum Number of Tokens',
		names: [
			'max_tokens',
			'max_completion_tokens',
			'max_output_tokens',
			'max_new_tokens',
			'max_length',
		],
	},
	temperature: { label: 'Sampling Temperature', names: ['temperature'] },
	topP: { label: 'Top P', names: ['top_p'] },
	reasoningEffort: {
		label: 'Reasoning Effort',
		names: ['reasoning_effort', 'thinking_level', 'effort', 'thinking'],
	},
	stop: { label: 'Stop Sequences', names: ['stop_sequences', 'stop'] },
};

/**
 * The parameters as this model's inputs. What it lacks is not sent, and said; so is a number outside of
 * its limits, because chains and agents set some by themselves.
 *
 * @throws InputError for a value that is not one of the model's choices
 */
export function parameterInput(
	{ name: model, inputs }: LanguageModel,
	parameters: ChatParameters,
): ParameterInput {
	const given: Record<string, InputValue> = {};
	const hints: string[] = [];
	for (const [key, { label, names }] of Object.entries(NAMES)) {
		const value = parameters[key as keyof ChatParameters];
		if (value === undefined) continue;
		const input = names
			.map((name) => inputs?.find((one) => one.name === name))
			.find((one) => one !== undefined);
		if (!input) {
			hints.push(`${model} has no input for ${label}, so it was not sent.`);
			continue;
		}
		const limited = typeof value === 'number' ? withinLimits(input, value) : value;
		if (limited !== value) {
			const range = rangeOf(input);
			hints.push(`${model} takes ${label} of ${range}, so ${String(limited)} was sent.`);
		}
		given[input.name] = Array.isArray(limited) ? listFor(input, limited) : limited;
	}
	return { input: typedInput(inputs ?? [], given), hints };
}

function withinLimits({ kind, minimum, maximum }: ModelInput, value: number): number {
	const whole = kind === 'integer' ? Math.round(value) : value;
	return Math.min(Math.max(whole, minimum ?? -Infinity), maximum ?? Infinity);
}

/** Older models take stop sequences as one text with commas. */
function listFor({ kind }: ModelInput, values: string[]): InputValue {
	return kind === 'text' ? values.join(',') : values;
}
