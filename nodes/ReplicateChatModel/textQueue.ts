/** Texts that come one by one and are read at the reader's own pace. */
export class TextQueue implements AsyncIterable<string> {
	private texts: string[] = [];
	private isOver = false;
	private wake: () => void = () => undefined;

	/** An empty text is nothing to read. */
	add(text: string): void {
		if (text === '') return;
		this.texts.push(text);
		this.wake();
	}

	/** Nothing more will come. */
	end(): void {
		this.isOver = true;
		this.wake();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<string> {
		for (;;) {
			const texts = this.texts;
			this.texts = [];
			// What has queued up goes on as one: each part costs n8n and LangChain far more than its text.
			if (texts.length > 0) yield texts.join('');
			if (this.texts.length > 0) continue;
			if (this.isOver) return;
			await new Promise<void>((resolve) => (this.wake = resolve));
		}
	}
}
