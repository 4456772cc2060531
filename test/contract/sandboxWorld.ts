import { startSandbox, type Sandbox } from '../../dev/sandbox/server';
import { callsTo } from './calls';

/** A sandbox for the tests of a `describe`, and plain requests to it. */
export interface SandboxWorld {
	sandbox: Sandbox;
	calls: ReturnType<typeof callsTo>;
}

/** Starts it before the tests, and stops it after them; each begins with nothing that was before. */
export function sandboxWorld(): SandboxWorld {
	const world = {} as SandboxWorld;
	beforeAll(async () => {
		world.sandbox = await startSandbox({ bootMs: 0 });
		world.calls = callsTo(world.sandbox);
	});
	afterEach(() => world.sandbox.forget());
	afterAll(async () => await world.sandbox.stop());
	return world;
}
