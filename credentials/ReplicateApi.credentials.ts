import type {
	ICredentialDataDecryptedObject,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { authenticated } from './authenticated';

const TOKENS_PAGE = 'https://replicate.com/account/api-tokens';

export class ReplicateApi implements ICredentialType {
	name = 'replicateApi';

	displayName = 'Replicate API';

	icon: Icon = { light: 'file:replicate.svg', dark: 'file:replicate.dark.svg' };

	documentationUrl = 'https://replicate.com/docs/reference/http';

	properties: INodeProperties[] = [
		{
			displayName: `Create an API token at <a href="${TOKENS_PAGE}" target="_blank">replicate.com/account/api-tokens</a> and paste it here. Runs are billed to the account of this token.`,
			name: 'whereToFindIt',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'API Token',
			name: 'apiToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'r8_...',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.replicate.com/v1',
			description: 'Change it only if your company runs its own gateway to Replicate',
		},
		{
			displayName: 'Gateway Headers',
			name: 'headers',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add header',
			default: {},
			description:
				'Additional headers that your gateway needs, such as cf-aig-authorization for Cloudflare AI Gateway. They are sent to the base URL only, with every request.',
			options: [
				{
					displayName: 'Header',
					name: 'values',
					values: [
						{
							displayName: 'Name',
							name: 'name',
							type: 'string',
							default: '',
							placeholder: 'e.g. cf-aig-authorization',
						},
						{
							displayName: 'Value',
							name: 'value',
							type: 'string',
							typeOptions: { password: true },
							default: '',
						},
					],
				},
			],
		},
	];

	async authenticate(
		credential: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return await Promise.resolve(authenticated(credential, request));
	}

	test: ICredentialTestRequest = {
		request: { baseURL: '={{ $credentials.baseUrl }}', url: '/account' },
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: `Replicate did not accept this API token. Copy it again from ${TOKENS_PAGE}.`,
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'There is no Replicate API at this base URL. Use https://api.replicate.com/v1, or check the address of your gateway.',
				},
			},
			{
				// What is not an account has no user name: a login page, or another service.
				type: 'responseSuccessBody',
				properties: {
					key: 'username',
					value: undefined,
					message:
						'Something other than Replicate responds at this base URL. Use https://api.replicate.com/v1, or check the address of your gateway.',
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}
