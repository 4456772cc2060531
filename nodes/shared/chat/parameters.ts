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

/** A parameter that is sent in another way than it was given, or not at all. */
export interface ChangedParameter {
	parameter: keyof ChatParameters;
	/** What the model takes, and what was sent instead; nothing where it has no such input. */
	limited?: { range: string | undefined; sent: string };
}

/** What is sent of the parameters, and what is not. */
interface ParameterInput {
	input: InputObject;
	changed: ChangedParameter[];
}

/** Names of the same input in different models, the usual one first (public models, 2025 and 2026). */
const NAMES: Record<keyof ChatParameters, string[]> = {
	maxTokens: [
		'max_tokens',
		'max_completion_tokens',
		'max_output_tokens',
		'max_new_tokens',
		'max_length',
	],
	temperature: ['temperature'],
	topP: ['top_p'],
	reasoningEffort: ['reasoning_effort', 'thinking_level', 'effort', 'thinking'],
	stop: ['stop_sequences', 'stop'],
};

/**
 * The parameters as this model's inputs. What it lacks is not sent, and said; so is a number outside of
 * its limits, because chains and agents set some by themselves.
 *
 * @throws InputError for a value that is not one of the model's choices
 */
export function parameterInput(
	{ inputs }: LanguageModel,
	parameters: ChatParameters,
): ParameterInput {
	const given: Record<string, InputValue> = {};
	const changed: ChangedParameter[] = [];
	for (const parameter of Object.keys(NAMES) as Array<keyof ChatParameters>) {
		const value = parameters[parameter];
		if (value === undefined) continue;
		const input = NAMES[parameter]
			.map((name) => inputs?.find((one) => one.name === name))
			.find((one) => one !== undefined);
		if (!input) {
			// The answer is cut there instead.
			if (parameter !== 'stop') changed.push({ parameter });
			continue;
		}
		const limited = typeof value === 'number' ? withinLimits(input, value) : value;
		if (limited !== value) {
			changed.push({ parameter, limited: { range: rangeOf(input), sent: String(limited) } });
		}
		given[input.name] = Array.isArray(limited) ? listFor(input, limited) : limited;
	}
	return { input: typedInput(inputs ?? [], given), changed };
}

/** Whether the model itself ends its answer at certain texts. */
export function takesStop({ inputs = [] }: LanguageModel): boolean {
	return inputs.some(({ name }) => NAMES.stop.includes(name));
}

function withinLimits({ kind, minimum, maximum }: ModelInput, value: number): number {
	const whole = kind === 'integer' ? Math.round(value) : value;
	return Math.min(Math.max(whole, minimum ?? -Infinity), maximum ?? Infinity);
}

/** Older models take stop sequences as one text with commas. */
function listFor({ kind }: ModelInput, values: string[]): InputValue {
	return kind === 'text' ? values.join(',') : values;
}
