import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { simplify, binaryField } from '../fields/output';
import { downloads, models, source, statuses } from './fields';
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
		// n8n shows these words for both nodes wherever it lists apps.
		description:
			'Run AI models on Replicate with your files and data, or start a workflow when a run has ended',
		defaults: { name: 'Replicate Trigger' },
		eventTriggerDescription: 'Waiting for Replicate to call the test URL',
		triggerPanel: {
			header: 'Start a workflow when a prediction or training has ended',
			executionsHelp: {
				inactive:
					'<b>While you build:</b> click the button, then run a model with this trigger’s test URL in <b>Options → Webhook URL</b> of a Replicate node. The result appears in this editor.<br /><br /><b>When you are done:</b> publish the workflow and use the production URL instead. Each call then starts an execution, which you find in the <a data-key="executions">list of executions</a>.',
				active:
					'<b>While you build:</b> click the button, then run a model with this trigger’s test URL in <b>Options → Webhook URL</b> of a Replicate node. The result appears in this editor.<br /><br /><b>This workflow is published:</b> each call to the production URL starts an execution, which you find in the <a data-key="executions">list of executions</a>.',
			},
			activationHint: {
				inactive: 'The production URL works as soon as the workflow is published.',
				active: 'Calls to the production URL start this workflow. They do not show up here.',
			},
		},
		builderHint: {
			searchHint:
				'Starts a workflow when a prediction or training ends that was created elsewhere with this trigger’s URL as its webhook. To run a model and go on with its result, use the Replicate node alone, with waitFor "result" or "callback"; it needs no trigger.',
		},
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'replicateApi', required: true }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		properties: [
			{
				displayName:
					'Copy the <b>production URL</b> above, paste it into <b>Options → Webhook URL</b> of the Replicate node that runs the model (or into <code>webhook</code> of your own API calls), and publish this workflow. Replicate must be able to reach the URL from the internet, and the credential must belong to the account that runs the model.',
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
