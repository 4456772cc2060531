import type { Prediction } from '../api/shapes';
import type { JobKind } from '../models/jobKind';
import type { PredictionsApi } from './api';

/** What became of a created run, as far as it is known. */
export type JobOutcome =
	/** Its result is an item's result. */
	| 'collected'
	/** Replicate confirmed the cancel. */
	| 'cancelled'
	/** A cancel was sent, and nobody knows whether it was followed. */
	| 'cancelUnconfirmed'
	/** It runs on, as the builder wants it, or because nobody can tell what became of it. */
	| 'leftRunning'
	/** It runs on until the next try of the node waits for it. */
	| 'leftForRetry'
	/** The workflow continues without its end, with its id. */
	| 'handedOver';

/** Where the steps of one create are written down, each before the next is taken. */
export interface JobRecord {
	/** Tells this create from all others, also in a later try. */
	readonly key: string;
	/** Whose it is: creates of the same run of the node may take each other's place. */
	readonly owner: string;
	/**
	 * The create is about to be sent, at this time in ms.
	 *
	 * @param cancelAfterSeconds when Replicate is asked to cancel it, in s after its creation
	 */
	intended(at: number, cancelAfterSeconds?: number): void;
	/** It certainly did not come to be. */
	refused(): void;
	/** It came to be, or its state was read. */
	is(prediction: Prediction): void;
	/** Its response is lost since this time in ms; it may be one of these. */
	lost(at: number, candidates: Prediction[]): void;
	became(outcome: JobOutcome): void;
}

/** One job, for the calls that create it, find it, wait for it and cancel it. */
export interface JobHandle {
	api: PredictionsApi;
	kind: JobKind;
	/** Where its steps are written down; a job that this run did not create has no record. */
	record?: JobRecord;
	/** When its time is up, in ms. */
	deadline: number;
	/** What becomes of it then. */
	onTimeout: 'cancel' | 'leave';
	/** Aborted when the workflow is stopped. */
	signal?: AbortSignal;
	/** What becomes of it then. */
	onStop: () => 'cancel' | 'leave';
}

/** A job of this run of the node. */
export interface RecordedJob extends JobHandle {
	record: JobRecord;
}
