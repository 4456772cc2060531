import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { checkSecret } from './checkSecret';
import { receive } from './receive';

export class ReplicateTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Replicate Trigger',
		name: 'replicateTrigger',
		icon: {
			light: 'file:../Replicate/replicate.svg',
			dark: 'file:../Replicate/replicate.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["source"] }}',
		description:
			'Starts the workflow when an AI model on Replicate has finished a prediction or training',
		defaults: { name: 'Replicate Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'replicateApi', required: true }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		properties: [
			{
				displayName:
					'Copy the production URL above into <b>Options → Webhook URL</b> of a Replicate node, or into <code>webhook</code> of your own API calls. Switch this workflow on. The credential must be of the same account.',
				name: 'urlNotice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Source',
				name: 'source',
				type: 'options',
				options: [
					{ name: 'Predictions and Trainings', value: 'all' },
					{ name: 'Predictions Only', value: 'predictions' },
					{ name: 'Trainings Only', value: 'trainings' },
				],
				default: 'all',
				description: 'What starts the workflow',
			},
			{
				displayName: 'Statuses',
				name: 'statuses',
				type: 'multiOptions',
				options: [
					{ name: 'Aborted', value: 'aborted', description: 'Ended before it began' },
					{ name: 'Canceled', value: 'canceled' },
					{ name: 'Failed', value: 'failed' },
					{ name: 'Processing', value: 'processing', description: 'Runs, with new logs or output' },
					{ name: 'Starting', value: 'starting' },
					{ name: 'Succeeded', value: 'succeeded' },
				],
				default: ['succeeded', 'failed', 'canceled', 'aborted'],
				description: 'Which statuses start the workflow; none means all',
			},
			{
				displayName: 'Models',
				name: 'models',
				type: 'string',
				default: '',
				placeholder: 'e.g. black-forest-labs/flux-schnell, my-company',
				description:
					'Models, or their owners, that start the workflow, with commas; empty means all',
			},
			{
				displayName: 'Download Output Files',
				name: 'downloadFiles',
				type: 'boolean',
				default: false,
				description:
					'Whether output files become binary data. Replicate deletes them after an hour.',
			},
			{
				displayName: 'Put Output File in Field',
				name: 'binaryField',
				type: 'string',
				default: 'data',
				hint: 'The first file takes this name, further ones get _1, _2 and so on',
				displayOptions: { show: { downloadFiles: [true] } },
			},
			{
				displayName: 'Simplify',
				name: 'simplify',
				type: 'boolean',
				default: true,
				description:
					'Whether to return a simplified version of the response instead of the raw data',
			},
		],
	};

	/**
	 * Replicate knows no subscriptions: each prediction names its own webhook. What can be made sure
	 * of, whenever the workflow is switched on, is that its calls can be checked.
	 */
	webhookMethods = {
		default: {
			checkExists: async () => false,
			async create(this: IHookFunctions): Promise<boolean> {
				return await checkSecret.call(this);
			},
			delete: async () => true,
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive.call(this);
	}
}
