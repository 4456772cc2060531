import type { Told } from './account';
import { wrongsOfBill } from './bill';
import type { Execution, PassEnd } from './execution';
import type { Played } from './history';
import { wrongsOfLimits } from './limits';

/** Something that must not be so. */
export interface Wrong {
	kind: string;
	words: string;
}

/** What is wrong at the end of a history. */
export function wrongsOf(played: Played): Wrong[] {
	const { executions, account, isHanging } = played;
	const wrongs: Wrong[] = [];
	const add = (kind: string, words: string) => wrongs.push({ kind, words });
	if (isHanging) {
		const left = executions.filter(({ status }) => status === 'running' || status === 'waiting');
		add('hangs', left.map(({ id, status }) => `${id} is ${status}`).join(', '));
	}
	for (const told of account.told) {
		for (const words of wrongsOfPlaces(told, played)) add('told', words);
		for (const words of wrongsOfOwner(told, played)) add('of another', words);
		if (told.missedFile) add('upload', `${told.run.id} wanted to read a file that was removed`);
	}
	for (const words of createdTwice(played)) add('created twice', words);
	for (const words of uploadsLeft(played)) add('upload', words);
	for (const words of tooLate(played)) add('late', words);
	for (const words of wrongsOfLimits(played)) add('limit', words);
	for (const words of wrongsOfBill(played)) add('bill', words);
	return wrongs;
}

/** A place where a prediction is named, and as what. */
interface Place {
	words: string;
	/** Whether it is the item's result. */
	isResult: boolean;
	/** Its state, as far as it is told, and the state it had then. */
	told?: string;
	then: string;
}

const STATES: Record<string, string[]> = {
	succeeded: ['succeeded'],
	failed: ['failed'],
	cancelled: ['canceled', 'aborted'],
	running: ['starting', 'processing'],
};

/** Every prediction is in one result, or named with its true state in one place. */
function* wrongsOfPlaces({ run, by }: Told, played: Played): Generator<string> {
	const { account, executions } = played;
	const chain = executions.filter((one) => one.chain.includes(by));
	const own = chain.at(-1);
	const ended = chain.flatMap(({ ends }) => ends);
	const places = ended.flatMap((end) => placesOf(run.id, end));
	const id = `${run.id.slice(0, 6)} (${run.status}, of ${by})`;
	const isLeft =
		!own || leaves(own) || ended.some((end) => textOf(end).includes('no longer be read'));
	for (const { words, told, then } of places) {
		const isTrue = told === undefined || told === then || STATES[told]?.includes(then);
		// What was asked to be cancelled, and what nobody waited for or could read, may be anything since.
		const isOpen =
			told === 'cancelUnconfirmed' || told === 'unknown' || (told === 'running' && isLeft);
		if (!isTrue && !isOpen) yield `${id} is said to be ${told} in ${words}, and was ${then}`;
	}
	const results = places.filter(({ isResult }) => isResult);
	if (results.length > 1) yield `${id} is the result of ${results.length} items`;
	// n8n keeps nothing that an execution could tell that was stopped or killed.
	if (!own || own.status === 'dropped' || chain.some(({ status }) => status === 'dropped')) return;
	if (own.script.chain) return;
	const isUnknown = ended.some((end) => /not known whether|"state":"unknown"/.test(textOf(end)));
	// Of a lost create that has taken what another process has made, nothing more is known.
	const isOthers = (one: Told) =>
		chain.every((mine) => mine.id !== one.by && looksAlike(one, mine, played)) &&
		ended.some(({ items }) => items.some(({ json }) => json.id === one.run.id));
	if (places.length === 0 && !isUnknown && !account.told.some(isOthers))
		yield `${id} is named nowhere`;
	if (results.length > 0 && places.length > results.length) {
		const last = ended.at(-1)!;
		const inLast = placesOf(run.id, last);
		if (inLast.length > 1 && inLast.some(({ isResult }) => isResult)) {
			yield `${id} is a result, and named as another as well`;
		}
	}
}

function placesOf(id: string, end: PassEnd): Place[] {
	const then = end.states.get(id);
	if (then === undefined) return [];
	const places: Place[] = [];
	for (const [index, { json }] of end.items.entries()) {
		const text = JSON.stringify(json);
		if (!text.includes(id)) continue;
		const words = `item ${index}`;
		if (json.id === id && json.reused === true) continue;
		if (json.id === id) {
			// An item that does not wait for the end has the state of its create.
			const isResult = json.status === 'succeeded';
			places.push({ words, isResult, told: isResult ? 'succeeded' : undefined, then });
			continue;
		}
		// What a lost create may have made is not told to be this item's.
		const { possiblePredictionIds: possible } = (json.details ?? json.message ?? {}) as {
			possiblePredictionIds?: string[];
		};
		if (possible?.includes(id)) continue;
		const details = (json.details ?? json.message ?? {}) as {
			predictionId?: string;
			status?: string;
		};
		const isOwn = details.predictionId === id;
		places.push({ words, isResult: false, told: isOwn ? endOf(details.status) : undefined, then });
	}
	const { error } = end;
	if (error) {
		const created = error.context?.created ?? [];
		for (const one of created) {
			if (one.id === id)
				places.push({ words: 'the error', isResult: false, told: one.state, then });
		}
		const isListed = created.some((one) => one.id === id);
		if (
			!isListed &&
			JSON.stringify([error.message, error.description, error.context]).includes(id)
		) {
			places.push({ words: 'the error', isResult: false, then });
		}
	}
	return places;
}

/** An error's status of a running one is what was last seen. */
function endOf(status: string | undefined): string | undefined {
	return status === 'starting' || status === 'processing' ? undefined : status;
}

function textOf({ items, error }: PassEnd): string {
	const text = JSON.stringify(items.map(({ json }) => json));
	return error
		? [text, error.message, error.description, JSON.stringify(error.context)].join(' ')
		: text;
}

/** Whether the node does not wait for all ends. */
function leaves({ script }: Execution): boolean {
	const { waitFor, options } = script.parameters as {
		waitFor?: string;
		options: { onTimeout?: string };
	};
	return waitFor === 'nothing' || options.onTimeout === 'leave';
}

/** Nothing is taken, or cancelled, that another execution has created. */
function* wrongsOfOwner(told: Told, played: Played): Generator<string> {
	const { run, by, cancelledBy } = told;
	const { executions } = played;
	const isOwn = (one: Execution) => one.chain.includes(by);
	const others = executions.filter((one) => !isOwn(one) && !isRelated(one, by, executions));
	for (const other of others) {
		const { id } = other;
		const isElsewhere = looksAlike(told, other, played);
		if (cancelledBy.includes(id) && !isElsewhere)
			yield `${run.id.slice(0, 6)} of ${by} was cancelled by ${id}`;
		const taken = other.ends
			.flatMap(({ items }) => items)
			.find(({ json }) => json.id === run.id && json.reused !== true);
		if (taken && !isElsewhere) yield `${run.id.slice(0, 6)} of ${by} is the result of ${id}`;
	}
}

/**
 * Whether another process could not tell it from what it has created itself: it has no deadline, the list
 * shows none, or both have the same.
 */
function looksAlike({ run, by }: Told, other: Execution, played: Played): boolean {
	const { executions, limits, account } = played;
	const creator = executions.find((one) => one.id === by)!;
	if (creator.process === other.process) return false;
	const { listedDeadline } = account.predictions.shown;
	const sent = [...(limits.get(other.id) ?? [])];
	if (listedDeadline === 'missing' || run.deadline === undefined) return true;
	const seconds = (run.deadline - run.createdAt) / 1_000;
	const inexact = listedDeadline === 'wholeSeconds' ? 1 : 0;
	return sent.some((limit) => Math.abs(Number(limit ?? NaN) - seconds) <= inexact);
}

/** Whether one is the Retry of the other. */
function isRelated(one: Execution, by: string, executions: Execution[]): boolean {
	return executions.some(({ id, chain }) => id === by && chain.includes(one.id));
}

/** While one lives for a wish, or has succeeded, no other is created for it. */
function* createdTwice({ account, executions }: Played): Generator<string> {
	for (const last of executions) {
		if (last.script.chain || executions.some((one) => one.retryOf === last)) continue;
		const own = account.told.filter(({ by }) => last.chain.includes(by));
		const wishes = last.script.passes.flat().map(({ json }) => String(json.label));
		for (const label of new Set(wishes)) {
			const wanted = wishes.filter((one) => one === label).length;
			for (const model of ['words', 'pictures', 'spare']) {
				const made = own.filter(({ run }) => run.input.label === label && run.model.name === model);
				for (const { run } of made) {
					const alive = made.filter(
						({ run: one }) => isAliveAt(one, run.createdAt) && !isAfter(one, run, made),
					);
					if (alive.length > wanted) {
						yield `${run.id.slice(0, 6)} is number ${alive.length} for ${wanted} of ${label}`;
					}
				}
			}
		}
	}
}

type Run = Told['run'];

/** Whether it was there then, and had not failed. */
function isAliveAt({ createdAt, completedAt = Infinity, status }: Run, at: number): boolean {
	return createdAt <= at && (completedAt > at || status === 'succeeded');
}

function isAfter(one: Run, run: Run, made: Told[]): boolean {
	const at = (wanted: Run) => made.findIndex((told) => told.run === wanted);
	return at(one) > at(run);
}

/** Uploads that were to be removed are gone when their execution has ended. */
function* uploadsLeft({ account, executions, log }: Played): Generator<string> {
	for (const [id, { by, removedBy, isAnswered }] of account.uploads) {
		const owner = executions.find((one) => one.id === by)!;
		if (removedBy !== undefined && removedBy !== by) {
			const isOwn = executions.some((one) => one.id === removedBy && one.chain.includes(by));
			if (!isOwn) yield `${id} of ${by} was removed by ${removedBy}`;
		}
		const { waitFor, options } = owner.script.parameters as {
			waitFor: string;
			options: { deleteUploads: boolean };
		};
		const isDeleted = options.deleteUploads && waitFor !== 'nothing' && isAnswered;
		if (!isDeleted || removedBy !== undefined) continue;
		const family = executions.filter((one) => one.chain.includes(by));
		const isTold = family.some(({ ends }) => ends.some((end) => textOf(end).includes(id)));
		const isBroken = log.some((line) => family.some((one) => line.includes(`${one.id} remove: `)));
		const isOpen = family.some(
			({ status, ends }) =>
				status === 'dropped' || ends.some((end) => end.by !== 'node' || end.error !== undefined),
		);
		const reads = account.told.filter(({ run }) => String(run.input.image).endsWith(id));
		const isOver = reads.length > 0 && reads.every(({ run }) => run.completedAt !== undefined);
		const isLeft = family.some(({ ends }) =>
			ends.some((end) =>
				/still running|may still be|not known whether|can no longer be read/.test(textOf(end)),
			),
		);
		if (isOver && !isTold && !isBroken && !isOpen && !isLeft)
			yield `${id} of ${by} was not removed`;
	}
}

/** docs/threats.md, time limits: what a try may take beyond its items' time, in ms. */
const LIMITS_MS = {
	/** The response to a create; looking for a lost one; a last look; a cancel; downloads; uploads. */
	usual: 10_000 + 10_000 + 5_000 + 15_000 + 30_000 + 10_000,
	lookUp: 240_000,
};

function* tooLate({ executions }: Played): Generator<string> {
	for (const { id, script, tries } of executions) {
		if (script.chain) continue;
		const { timeout, concurrency } = script.parameters.options as {
			timeout: number;
			concurrency: number;
		};
		const fallbacks = 2;
		const rounds = Math.ceil(script.passes[0]!.length / concurrency);
		const most = rounds * fallbacks * (timeout * 1_000 + LIMITS_MS.usual + LIMITS_MS.lookUp);
		for (const { from, to } of tries) {
			if (to !== undefined && to - from > most) {
				yield `${id} took ${Math.round((to - from) / 1_000)} s, and may take ${most / 1_000} s`;
			}
		}
	}
}
