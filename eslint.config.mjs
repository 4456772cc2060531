import { config } from '@n8n/node-cli/eslint';
import { globalIgnores } from 'eslint/config';

export default [
	globalIgnores(['dist', 'dist-cloud', 'coverage', '.cache', 'demo-output', 'gulpfile.js']),
	...config,
	{
		files: ['{nodes,credentials,transports,dev}/**/*.ts'],
		rules: { '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_' }] },
	},
	{
		// Not for n8n Cloud: undici, and what builds and proves the package.
		files: ['{dev,examples,test,transports}/**/*.ts'],
		rules: {
			'@n8n/community-nodes/no-restricted-globals': 'off',
			'@n8n/community-nodes/no-restricted-imports': 'off',
		},
	},
	{
		// Not published: these start processes of their own to measure, to pack or to install.
		files: ['dev/{bench,hostile,n8n,scripts,simulator}/**/*.ts', 'test/**/*.ts'],
		rules: {
			'@n8n/community-nodes/no-dangerous-functions': 'off',
			// The public test vector of Standard Webhooks holds a key.
			'@n8n/community-nodes/no-hardcoded-secrets': 'off',
		},
	},
];
