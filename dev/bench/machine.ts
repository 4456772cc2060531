import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { medianOf, type Times } from './statistics';

/** How fast and how steady the machine was while something was measured. */
export interface Machine {
	node: string;
	processors: number;
	/** CPU time of a fixed piece of work at the start and at the end, in ms. */
	startMs: number;
	endMs: number;
	/** How far the middle half of all pieces lies apart, as a part of their median. */
	spread: number;
	/** Wall time of a piece as a multiple of its CPU time: over 1, others had the processor as well. */
	busy: number;
	isSteady: boolean;
}

const PIECES = 15;
const HASHES = 20;
const DOCUMENTS = 8;

/** Beyond these a run is unsteady: figures of different cases may not be compared with each other. */
const MAX_DRIFT = 0.1;
const MAX_SPREAD = 0.15;
const MAX_BUSY = 1.25;

/** Does a fixed piece of hashing and JSON, several times. */
export function calibrate(pieces = PIECES): Times[] {
	const bytes = Buffer.alloc(1_000_000, 'calibration');
	const rows = Array.from({ length: 4_000 }, (_, id) => ({ id, at: id / 7, text: `row ${id}` }));
	const piece = () => {
		for (let count = 0; count < HASHES; count++) createHash('sha256').update(bytes).digest();
		for (let count = 0; count < DOCUMENTS; count++) JSON.parse(JSON.stringify(rows));
	};
	piece();
	return Array.from({ length: pieces }, () => {
		const cpu = process.cpuUsage();
		const startedAt = performance.now();
		piece();
		const { user, system } = process.cpuUsage(cpu);
		return { cpuMs: (user + system) / 1_000, ms: performance.now() - startedAt };
	});
}

/** What two calibrations say of the machine between them. */
export function machineOf(start: Times[], end: Times[]): Machine {
	const cpuOf = (pieces: Times[]) => pieces.map(({ cpuMs }) => cpuMs);
	const [startMs, endMs] = [medianOf(cpuOf(start)), medianOf(cpuOf(end))];
	const all = [...start, ...end];
	const sorted = cpuOf(all).sort((one, other) => one - other);
	const quarter = sorted.length >> 2;
	const spread = (sorted.at(-1 - quarter)! - sorted[quarter]!) / medianOf(sorted);
	const busy = medianOf(all.map(({ cpuMs, ms }) => ms / cpuMs));
	return {
		node: process.version,
		processors: cpus().length,
		startMs,
		endMs,
		spread,
		busy,
		isSteady:
			Math.abs(endMs / startMs - 1) <= MAX_DRIFT && spread <= MAX_SPREAD && busy <= MAX_BUSY,
	};
}

/** One sentence about it, for people. */
export function describe({ node, processors, ...machine }: Machine): string {
	const { startMs, endMs, spread, busy, isSteady } = machine;
	return [
		`Node ${node}, ${processors} processors.`,
		`A fixed piece of hashing and JSON took ${startMs.toFixed(1)} ms of CPU time at the start and ${endMs.toFixed(1)} ms at the end`,
		`(spread ${Math.round(spread * 100)} %, wall time ${busy.toFixed(2)} times CPU time):`,
		isSteady
			? 'the machine was steady.'
			: 'the machine was **unsteady**; trust ratios, and neither times nor differences between cases.',
	].join(' ');
}
