import {
	NodeConnectionTypes,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { receive } from './receive';

/** In the order of n8n's list of triggers: what most builders look for comes first. */
const statuses: INodePropertyOptions[] = [
	{
		name: 'Succeeded',
		value: 'succeeded',
		action: 'On prediction or training succeeded',
		description: 'It has ended, and its output is there',
	},
	{
		name: 'Failed',
		value: 'failed',
		action: 'On prediction or training failed',
		description: 'It has ended with an error of the model',
	},
	{
		name: 'Canceled',
		value: 'canceled',
		action: 'On prediction or training canceled',
		description: 'Somebody, or its time limit, has ended it',
	},
	{
		name: 'Aborted',
		value: 'aborted',
		action: 'On prediction or training aborted',
		description: 'It ended before it started',
	},
	{
		name: 'Starting',
		value: 'starting',
		action: 'On prediction or training starting',
		description: 'It was created, and a machine is getting ready',
	},
	{
		name: 'Processing',
		value: 'processing',
		action: 'On prediction or training progress',
		description: 'It is running, and has new logs or output',
	},
];

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
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'replicateApi', required: true }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		properties: [
			{
				displayName:
					'Copy the <b>production URL</b> above, paste it into <b>Options → Webhook URL</b> of the Replicate node that runs the model (or into <code>webhook</code> of your own API calls), and publish this workflow. Replicate must be able to reach the URL from the internet, and the credential must be of the account that runs the model.',
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
				description: 'Which runs start the workflow',
			},
			{
				displayName: 'Trigger On',
				name: 'statuses',
				type: 'multiOptions',
				options: statuses,
				default: ['succeeded', 'failed', 'canceled', 'aborted'],
				description: 'Which statuses start the workflow. If you choose none, all of them do.',
			},
			{
				displayName: 'Models',
				name: 'models',
				type: 'string',
				default: '',
				placeholder: 'e.g. black-forest-labs/flux-schnell, my-company',
				description:
					'Models or owners whose runs start the workflow, separated by commas. If empty, all of them do.',
			},
			{
				displayName: 'Download Output Files',
				name: 'downloadFiles',
				type: 'boolean',
				default: false,
				description:
					'Whether to fetch output files as binary data. Replicate deletes them after an hour.',
			},
			{
				displayName: 'Put Output File in Field',
				name: 'binaryField',
				type: 'string',
				default: 'data',
				hint: 'The first file goes into this field, further ones into the same name with _1, _2 and so on',
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

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive.call(this);
	}
}
