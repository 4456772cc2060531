import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import * as account from './actions/account';
import * as collection from './actions/collection';
import * as deployment from './actions/deployment';
import * as file from './actions/file';
import * as hardware from './actions/hardware';
import * as model from './actions/model';
import * as prediction from './actions/prediction';
import * as training from './actions/training';
import { receiveCallback } from './actions/prediction/callback';
import { router } from './actions/router';
import * as listSearch from './methods/listSearch';
import * as loadOptions from './methods/loadOptions';
import * as resourceMapping from './methods/resourceMapping';

export class Replicate implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Replicate',
		name: 'replicate',
		icon: { light: 'file:replicate.svg', dark: 'file:replicate.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Run AI models on Replicate with the files and data of your workflow',
		defaults: { name: 'Replicate' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'replicateApi', required: true }],
		webhooks: [
			{
				// Where Replicate calls back while the execution is suspended.
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: '',
				restartWebhook: true,
			},
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Account', value: 'account' },
					{ name: 'Collection', value: 'collection' },
					{ name: 'Deployment', value: 'deployment' },
					{ name: 'File', value: 'file' },
					{ name: 'Hardware', value: 'hardware' },
					{ name: 'Model', value: 'model' },
					{ name: 'Prediction', value: 'prediction' },
					{ name: 'Training', value: 'training' },
				],
				default: 'prediction',
			},
			...prediction.description,
			...model.description,
			...deployment.description,
			...training.description,
			...file.description,
			...collection.description,
			...hardware.description,
			...account.description,
		],
	};

	methods = {
		listSearch: {
			searchModels: listSearch.searchModels,
			searchDeployments: listSearch.searchDeployments,
		},
		loadOptions: {
			getCollections: loadOptions.getCollections,
			getHardware: loadOptions.getHardware,
			getVersions: loadOptions.getVersions,
		},
		resourceMapping: {
			getModelInputs: resourceMapping.getModelInputs,
			getTrainingInputs: resourceMapping.getTrainingInputs,
		},
	};

	/** n8n itself keeps the addresses of suspended executions: nothing is subscribed at Replicate. */
	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveCallback.call(this);
	}
}
