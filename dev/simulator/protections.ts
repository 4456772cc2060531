import type { BrokenLine } from './build';

/** What protects money, each broken by one line, so that a campaign shows whether it would be seen. */
export const PROTECTIONS: Record<string, BrokenLine> = {
	gate: {
		file: 'nodes/shared/api/createGate.ts',
		search: 'this.opensAt = Math.max(this.opensAt, now() + hintMs);',
		replace: 'this.opensAt = 0;',
	},
	claims: {
		file: 'nodes/shared/predictions/claims.ts',
		search: 'return this.ids.has(id);',
		replace: 'return false;',
	},
	deadline: {
		file: 'nodes/shared/predictions/cancelAfter.ts',
		search: 'Math.abs(seconds - cancelAfterSeconds) < 1',
		replace: 'true',
	},
	window: {
		file: 'nodes/shared/predictions/lost.ts',
		search: 'const window = { from, to: to + LATE_MS };',
		replace: 'const window = { from: from + 60_000, to: to + 120_000 };',
	},
	cancel: {
		file: 'nodes/shared/predictions/cancel.ts',
		search: 'if (!isPending(response)) return { fate: fateOf(response), prediction: response };',
		replace: "return { fate: 'cancelled', prediction: { ...response, status: 'canceled' } };",
	},
	early: {
		file: 'nodes/jobs/finishRun.ts',
		search: 'if (awaited.size > 0) await early.beforeSuspension();',
		replace: '',
	},
	resume: {
		file: 'nodes/jobs/runJobs.ts',
		search: 'earlier: ledger.earlierFor(item.index, fingerprint),',
		replace: '',
	},
	guard: {
		file: 'nodes/jobs/ledger/spendGuard.ts',
		search: 'if (next > max) throw tooMany(max, next, ledger);',
		replace: '',
	},
	reuse: {
		file: 'nodes/shared/predictions/reusable.ts',
		search: '&& showsAllOf(one, input);',
		replace: ';',
	},
	uploads: {
		file: 'nodes/jobs/ledger/ledger.ts',
		search: 'const ids = new Set(idsOf(this.entries.filter(isOver)));',
		replace: 'const ids = new Set(idsOf([...this.entries]));\n\t\tinUse.clear();',
	},
	suspects: {
		file: 'nodes/jobs/answers.ts',
		search: 'if (entry.isPassedOver) return undefined;',
		replace: '',
	},
	costs: {
		file: 'nodes/jobs/ledger/costs.ts',
		search: 'const entries = ledger.allOf(item);',
		replace: 'const entries = ledger.allOf(item).slice(-1);',
	},
	cents: {
		file: 'nodes/shared/predictions/money.ts',
		search: 'const DECIMALS = 6;',
		replace: 'const DECIMALS = 4;',
	},
	spending: {
		file: 'nodes/jobs/ledger/spendGuard.ts',
		search: 'if (max > micros && micros + mean * (running + 1) <= max) return;',
		replace: 'if (max > 0) return;',
	},
	turns: {
		file: 'nodes/jobs/callback/callbackTurns.ts',
		search: 'if (!current) return await this.begin(key, turn);',
		replace:
			'if (!current) return await this.begin(key, turn);\n\t\treturn await current.now.then(() => this.shared);',
	},
	ledger: {
		file: 'nodes/jobs/ledger/ledger.ts',
		search: 'memory[LEDGER_KEY] = state as unknown as IDataObject;',
		replace: 'memory[LEDGER_KEY] = JSON.parse(JSON.stringify(state)) as IDataObject;',
	},
};
