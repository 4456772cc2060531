import type { TokenUsage } from '@n8n/ai-node-sdk';
import type { Prediction } from '../api/shapes';

/**
 * The tokens that a prediction used, where Replicate counted them: language models have
 * `input_token_count` and `output_token_count` in their metrics (examples of public models, 2025).
 */
export function usageOf({ metrics }: Prediction): TokenUsage | undefined {
	const { input_token_count: prompt, output_token_count: completion } = metrics ?? {};
	if (!isCount(prompt) || !isCount(completion)) return undefined;
	return {
		promptTokens: prompt,
		completionTokens: completion,
		totalTokens: prompt + completion,
	};
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}
