/** What a language model answers: text, calls of tools, or both; with `error`, it fails after them. */
export interface Answer {
	text?: string;
	toolCalls?: AnsweredCall[];
	/** The prediction's error. */
	error?: string;
}

/** A call of a tool in an answer. */
export interface AnsweredCall {
	name: string;
	/** As an object, or as text that need not be JSON: models get it wrong at times. */
	arguments: Record<string, unknown> | string;
}

/** An answer as a test says it; a function gets the prediction's input, with the schema's defaults. */
export type ScriptedAnswer =
	| string
	| Answer
	| ((input: Record<string, unknown>) => string | Answer | Promise<string | Answer>);

/** How the connection of a stream breaks. */
export interface StreamBreak {
	kind:
		/** It ends as if all were well, but without `done`. */
		| 'end'
		/** It sends an `error` event, and ends. */
		| 'error'
		/** The connection is cut. */
		| 'cut'
		/** It sends nothing more, and stays open. */
		| 'silence'
		/** It ends with the comment that the service sends after about 30 s without an event. */
		| 'timeout';
	/** After so many `output` events; 0 by default. */
	after?: number;
	/** Whether its events have ids of their own, as behind a gateway that numbers them anew. */
	isRenumbered?: boolean;
	/** What it says in place of the output, as of a machine that was replaced before its end. */
	says?: string[];
}

/** What the language models of one sandbox say, and how they say it. */
export class Language {
	/** Between two tokens, in ms. */
	pace = 1;
	/**
	 * How `openai/gpt-5-structured` outputs the calls that it makes. What Replicate's does is
	 * documented nowhere: as chat completions have them, or as the Responses API has them.
	 */
	callsAs: 'tool_calls' | 'output' = 'tool_calls';
	private readonly scripts = new Map<string, ScriptedAnswer[]>();
	private readonly breaks: StreamBreak[] = [];

	/**
	 * Queues the next answers of a model, one for each prediction. Without any, it makes up its own.
	 *
	 * @param model `owner/name`
	 */
	say(model: string, ...answers: ScriptedAnswer[]): void {
		this.scripts.set(model, [...(this.scripts.get(model) ?? []), ...answers]);
	}

	/** How many answers of a model are still to be said. */
	left(model: string): number {
		return this.scripts.get(model)?.length ?? 0;
	}

	/** Breaks the next streams that are opened, whichever prediction they are of. */
	breakStreams(how: StreamBreak, times = 1): void {
		for (let n = 0; n < times; n++) this.breaks.push(how);
	}

	/** Forgets all that was planned, and is as fast as at first. */
	forget(): void {
		this.pace = 1;
		this.callsAs = 'tool_calls';
		this.scripts.clear();
		this.breaks.length = 0;
	}

	/** The next answer of a model, which is used up by it. */
	async next(model: string, input: Record<string, unknown>): Promise<Answer | undefined> {
		const scripted = this.scripts.get(model)?.shift();
		const answer = typeof scripted === 'function' ? await scripted(input) : scripted;
		return typeof answer === 'string' ? { text: answer } : answer;
	}

	/** How the stream that opens now breaks, if it does. */
	takeBreak(): StreamBreak | undefined {
		return this.breaks.shift();
	}
}
