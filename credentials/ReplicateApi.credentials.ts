import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

/** n8n itself sends the token when a credential is tested: without TLS to this machine only. */
const TESTED_URL = String.raw`={{ $credentials.baseUrl.replace(/^\s*http:\/\/(?!(?:localhost|127\.0\.0\.1|\[::1\])(?::\d*)?(?:\/|$))/i, 'https://') }}`;

export class ReplicateApi implements ICredentialType {
	name = 'replicateApi';

	displayName = 'Replicate API';

	icon: Icon = { light: 'file:replicate.svg', dark: 'file:replicate.dark.svg' };

	documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-replicate-models#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Token',
			name: 'apiToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'r8_...',
			description:
				'Create one at <a href="https://replicate.com/account/api-tokens" target="_blank">replicate.com/account/api-tokens</a>',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.replicate.com/v1',
			description: 'Change it only if your company runs its own gateway to Replicate',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiToken}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: TESTED_URL, url: '/account' },
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'Replicate did not accept this API token. Copy it again from replicate.com/account/api-tokens.',
				},
			},
		],
	};
}
