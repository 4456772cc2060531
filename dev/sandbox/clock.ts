/** The clock of the service, which tests set, turn and speed up. */
export class Clock {
	private speedFactor = 1;
	/** What this clock showed, and what its source showed, when it was last set. */
	private set: { here: number; source: number };

	/** @param source gives ms since 1970 */
	constructor(private readonly source: () => number = Date.now) {
		this.set = { here: source(), source: source() };
	}

	/** In ms since 1970. */
	readonly now = (): number => this.set.here + (this.source() - this.set.source) * this.speedFactor;

	/** Turns the clock by so many ms, or back by a negative number. */
	advance(ms: number): void {
		this.set = { here: this.now() + ms, source: this.source() };
	}

	/** How many times as fast as its source this clock runs. Timers of models are not sped up. */
	get speed(): number {
		return this.speedFactor;
	}

	set speed(factor: number) {
		this.advance(0);
		this.speedFactor = factor;
	}
}
