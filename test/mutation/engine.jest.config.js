const { join } = require('node:path');
const base = require('../../jest.config');

/** @type {import('jest').Config} */
module.exports = {
	...base,
	rootDir: join(__dirname, '../..'),
	testMatch: [
		'<rootDir>/test/integration/{faultMatrix,predictions,transport,waiting}.test.ts',
		'<rootDir>/test/unit/predictions/wait.test.ts',
	],
};
