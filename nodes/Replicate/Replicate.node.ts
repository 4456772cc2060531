import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { receiveCallback } from '../runs/callback';
import { dispatch } from './actions/dispatch';
import { resourceProperties } from './actions/resources';
import * as listSearch from './panel/listSearch';
import * as loadOptions from './panel/loadOptions';
import * as resourceMapping from './panel/resourceMapping';

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
		properties: resourceProperties,
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

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await dispatch.call(this);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveCallback.call(this);
	}
}
