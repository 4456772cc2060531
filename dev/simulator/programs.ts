import type * as Play from './play';
import type { Programs } from './build';

/** Loads the world's program into this process, whose clock and timers are the world's from then on. */
export function loadWorld({ world, nodes }: Programs): typeof Play {
	const module = { exports: {} };
	new Function('module', 'exports', 'require', world)(module, module.exports, require);
	const loaded = module.exports as typeof Play;
	loaded.readNodes(nodes);
	loaded.takeTheClock();
	return loaded;
}
