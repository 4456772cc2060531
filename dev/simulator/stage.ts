import { VirtualTime } from './time';

/** What the sandbox's core sends a webhook with, in place of undici. */
export type SendWebhook = (
	url: string,
	request: { headers: Record<string, string>; body: unknown },
) => Promise<number>;

/** What the history that is played brings in place of Node's own modules. */
export const stage: {
	time: VirtualTime;
	sendWebhook: SendWebhook;
	ids: number;
	processes: number;
} = {
	time: new VirtualTime(),
	sendWebhook: async () => await Promise.reject(new Error('Nobody listens')),
	ids: 0,
	processes: 0,
};

/** Puts the stage's clock in the place of the process's own. */
export function takeTheClock(): void {
	Error.stackTraceLimit = 0;
	Date.now = () => stage.time.now();
	Math.random = () => 0.5;
	const timeouts = new WeakMap<object, () => void>();
	const setTimer = (callback: () => void, ms = 0) => {
		const timer = { unref: () => timer, ref: () => timer };
		timeouts.set(timer, stage.time.after(ms, callback));
		return timer;
	};
	const clearTimer = (timer?: object) => timer && timeouts.get(timer)?.();
	Object.assign(globalThis, { setTimeout: setTimer, clearTimeout: clearTimer });
}
