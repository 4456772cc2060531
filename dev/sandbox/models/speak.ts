import { setTimeout as sleep } from 'node:timers/promises';
import type { RunContext } from './model';

/** Whether an output schema is that of a model which writes token by token. */
export function isSpoken(output: object | undefined): boolean {
	return (
		(output as { 'x-cog-array-display'?: string } | undefined)?.['x-cog-array-display'] ===
		'concatenate'
	);
}

/** Outputs tokens one after the other, at the sandbox's pace, and gives them all. */
export async function speak(
	tokens: string[],
	{ setOutput, signal, language }: Pick<RunContext, 'setOutput' | 'signal' | 'language'>,
): Promise<string[]> {
	for (let count = 1; count <= tokens.length; count++) {
		setOutput(tokens.slice(0, count));
		await sleep(language.pace, undefined, { signal });
	}
	return tokens;
}

/** A text as tokens: words with the space before them, and what space is at the end. */
export function tokensOf(text: string): string[] {
	return text.match(/\s*\S+|\s+$/g) ?? [];
}
