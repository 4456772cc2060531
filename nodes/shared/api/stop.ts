import { setMaxListeners } from 'node:events';

/** A controller whose signal many requests listen to: as many as items are in work at a time. */
export function stopController(): AbortController {
	const controller = new AbortController();
	setMaxListeners(0, controller.signal);
	return controller;
}
