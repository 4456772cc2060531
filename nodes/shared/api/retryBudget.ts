/** How many retries a run has in hand at its beginning, and at most. */
const RETRIES = 100;

/**
 * The retries that the reads of one run have in hand together, as AWS's clients have them. Each retry
 * takes one, and each response that came gives one back. Where the API is down, a run of hundreds of
 * items asks once each instead of six times, and what waits for a prediction asks again by itself.
 */
export class RetryBudget {
	private left = RETRIES;

	/** Takes one retry out of the budget. @returns whether there was one */
	take(): boolean {
		if (this.left === 0) return false;
		this.left -= 1;
		return true;
	}

	/** A request was responded to. */
	giveBack(): void {
		this.left = Math.min(this.left + 1, RETRIES);
	}
}
