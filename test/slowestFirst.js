const { sep } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** Suites that take half a minute or more, the slowest first: none of them may be the last one left. */
const SLOW = [
	'integration/faultMatrix',
	'integration/faults',
	'integration/retries',
	'integration/interleavings',
	'integration/boundsTime',
	'unit/regularExpressions',
	'integration/transport',
	'integration/downloads',
	'contract/publicModels',
	'integration/fuzz',
	'integration/callbackEarly',
	'unit/predictions/interleavings',
	'integration/chatRetries',
	'integration/trainings',
].map((name) => `${sep}${name.replaceAll('/', sep)}.test.ts`);

/** The order of test files: the slow ones, then as jest puts them. */
class SlowestFirst extends Sequencer {
	sort(tests) {
		const place = ({ path }) => {
			const at = SLOW.findIndex((name) => path.endsWith(name));
			return at === -1 ? SLOW.length : at;
		};
		return [...super.sort(tests)].sort((one, other) => place(one) - place(other));
	}
}

module.exports = SlowestFirst;
