/**
 * Suites of `test/integration` that load n8n's engine for themselves, each with its reason. All others
 * of that folder share the engine of their worker.
 */
module.exports = [
	// n8n reads its egress filter's settings when it is first loaded.
	'egress',
	// They measure memory, connections and time, and what others have loaded is not theirs.
	'boundsConnections',
	'boundsMemory',
	'boundsStore',
	'boundsTime',
	'transport',
	// They put an engine of their own in place of n8n's.
	'worldStart',
];
