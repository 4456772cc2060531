/** Where Replicate, or its sandbox, is. */
export interface Service {
	baseUrl: string;
	token: string;
}

/** A job: everything that may be prepared is; calling it is the work that is measured. */
export type Job = () => Promise<void>;

/**
 * A way to use Replicate. Each job is prepared first, as far as a builder's workflow would find it
 * prepared, and then run once under the clock.
 */
export interface Contestant {
	/** Uploads a file of this path. */
	upload?(path: string): Promise<Job>;
	/** Fetches the output file of a prediction that has succeeded, and keeps it. */
	download?(predictionId: string): Promise<Job>;
	/** Has a checksum made of each file, so many at a time. */
	predict?(paths: string[], concurrency: number): Promise<Job>;
	/** Runs a model that takes so long, so often, so many at a time. */
	wait?(seconds: number, count: number, concurrency: number): Promise<Job>;
	/** Forgets what its last job has left, as n8n prunes executions; what is prepared stays. */
	tidyUp?(): Promise<void>;
}
