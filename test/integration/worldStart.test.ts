import { startChatWorld } from './chatWorld';
import { startWorld } from './world';

jest.mock('../../dev/engine/engine', () => ({
	startEngine: async () => await Promise.reject(new Error('The engine does not start')),
}));

/** `process` in a test is a copy, but this is asked of Node itself. */
const servers = () =>
	process.getActiveResourcesInfo().filter((resource) => resource === 'TCPServerWrap').length;

describe('a world whose engine does not start', () => {
	it.each([
		['of the node', startWorld],
		['of the chat model', startChatWorld],
	])('leaves no server open: %s', async (_which, start) => {
		const before = servers();
		await expect(start()).rejects.toThrow('The engine does not start');
		expect(servers()).toBe(before);
	});
});
