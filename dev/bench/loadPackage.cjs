/**
 * Loads the nodes and credentials of a package as n8n does at its start: `loadPackage.cjs <folder>`.
 * Prints `{ cpuMs, ms, mb }`: CPU time and wall time beyond n8n-workflow's, and what the heap has more
 * afterwards.
 */
const { join } = require('node:path');

const [folder] = process.argv.slice(2);
const { nodes, credentials } = require(join(folder, 'package.json')).n8n;
require('n8n-workflow');
globalThis.gc();
const heap = process.memoryUsage().heapUsed;
const cpu = process.cpuUsage();
const startedAt = performance.now();
const loaded = [...nodes, ...credentials].map((file) => {
	const [exported] = Object.values(require(join(folder, file)));
	return new exported();
});
const ms = performance.now() - startedAt;
const { user, system } = process.cpuUsage(cpu);
globalThis.gc();
const mb = (process.memoryUsage().heapUsed - heap) / 1e6;
// All that was made is there until the heap was measured.
if (loaded.length !== nodes.length + credentials.length) throw new Error('Not all was loaded');
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1_000, ms, mb }));
