/** Outputs of API predictions are removed after an hour (Replicate docs, data retention), in ms. */
const USUAL_MS = 60 * 60 * 1000;

/** How long inputs, outputs, logs and output files are kept after the end. */
export class Retention {
	/** In ms; may be changed at any time. */
	ms = USUAL_MS;

	constructor(private readonly now: () => number) {}

	/** Whether what ended then is gone by now. */
	isOver(endedAt: number): boolean {
		return this.now() >= endedAt + this.ms;
	}
}
