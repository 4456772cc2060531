import {
	NodeConnectionTypes,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { binaryField } from '../fields/output';
import { simplify } from '../fields/simplify';
import { downloads, models, source, statuses } from './fields';
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
			source.property,
			statuses.property,
			models.property,
			downloads.property,
			binaryField.at({ downloadFiles: [true] }),
			simplify.property,
		],
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive.call(this);
	}
}
