import type { CalledTool, Turn } from './conversation';

/**
 * A conversation in which each call has its result and each result its call. A memory that keeps only
 * the last turns can cut between the two, and vendors refuse what is left (OpenAI: "messages with role
 * 'tool' must be a response to a preceding message with 'tool_calls'"). A result without its call
 * becomes a text; a call without its result goes, because nobody knows what came of it.
 */
export function withWholePairs(turns: Turn[]): Turn[] {
	const open = new Map<string, CalledTool>();
	const answered = new Set<CalledTool>();
	const answers = new Set<Turn>();
	for (const turn of turns) {
		for (const call of turn.calls) open.set(call.id, call);
		const call = turn.role === 'tool' ? open.get(turn.callId ?? '') : undefined;
		if (!call) continue;
		open.delete(call.id);
		answered.add(call);
		answers.add(turn);
	}
	return turns.map((turn): Turn => {
		if (turn.role === 'tool' && !answers.has(turn)) {
			return { ...turn, role: 'user', text: `Result of a tool:\n${turn.text}` };
		}
		const isWhole = turn.calls.every((call) => answered.has(call));
		return isWhole ? turn : { ...turn, calls: turn.calls.filter((call) => answered.has(call)) };
	});
}
