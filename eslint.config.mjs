import { configWithoutCloudSupport } from '@n8n/node-cli/eslint';
import { globalIgnores } from 'eslint/config';

export default [
	globalIgnores(['dist', 'coverage', '.cache', 'demo-output', 'gulpfile.js']),
	...configWithoutCloudSupport,
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts', 'dev/**/*.ts'],
		rules: { '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_' }] },
	},
	{
		// Replicate knows no subscriptions to make or to end: each prediction names its own webhook.
		files: ['nodes/**/*.node.ts'],
		rules: { '@n8n/community-nodes/webhook-lifecycle-complete': 'off' },
	},
	{
		// Not published: these start processes of their own to measure, to pack or to install.
		files: ['dev/{bench,n8n,scripts}/**/*.ts', 'test/**/*.ts'],
		rules: {
			'@n8n/community-nodes/no-dangerous-functions': 'off',
			// The public test vector of Standard Webhooks holds a key.
			'@n8n/community-nodes/no-hardcoded-secrets': 'off',
		},
	},
];
