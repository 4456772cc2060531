const { readdirSync } = require('node:fs');

/**
 * The rooms that n8n's engine tells: their mutants are in the bundle that it loads, and each room has
 * the tests that are about it. With all tests of the engine, each mutant would take minutes.
 */
const ROOMS = {
	trigger: {
		folder: 'nodes/ReplicateTrigger',
		tests: ['integration/trigger', 'integration/webhookSecret', 'integration/egress'],
	},
	chatModel: {
		folder: 'nodes/ReplicateChatModel',
		tests: ['integration/chatModel', 'integration/chatRetries', 'integration/chatPicker'],
	},
	host: {
		folder: 'nodes/host',
		tests: [
			...['errors', 'files', 'egress', 'host', 'waiting'].map((name) => `integration/${name}`),
			'unit/nodeParameters',
			'unit/jobs',
		],
	},
	actions: {
		folder: 'nodes/Replicate/actions',
		tests: [
			...['errors', 'host', 'models', 'predictions', 'refusals'].map(
				(name) => `integration/${name}`,
			),
			...['resources', 'security', 'trainings', 'waiting'].map((name) => `integration/${name}`),
		],
	},
	jobs: {
		folder: 'nodes/jobs',
		tests: [
			...['callback', 'fallback', 'outputs', 'refusals', 'retries'].map(
				(name) => `integration/${name}`,
			),
			...['reuse', 'spending', 'streaming', 'waiting'].map((name) => `integration/${name}`),
			'unit/jobs',
		],
	},
	transports: {
		folder: 'transports',
		tests: [
			'contract/transports',
			'unit/transports',
			'unit/outputs/hosts',
			'integration/transport',
		],
	},
};

/** Those that `ROOM` names, or all. */
const chosen = (process.env.ROOM ?? Object.keys(ROOMS).join(',')).split(',').map((name) => {
	if (!ROOMS[name]) throw new Error(`ROOM is one of ${Object.keys(ROOMS).join(', ')}`);
	return ROOMS[name];
});

/** All files of the rooms; not what the build puts in place of a library. */
const files = chosen.flatMap(({ folder }) =>
	readdirSync(folder, { recursive: true })
		.filter((name) => name.endsWith('.ts') && !name.includes('standIns'))
		.sort()
		.map((name) => `${folder}/${name}`),
);

module.exports = { files, tests: chosen.flatMap((room) => room.tests) };
