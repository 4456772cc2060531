import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodePropertyOptions,
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

/** In the order of n8n's list of actions: what most builders look for comes first. */
const resources: INodePropertyOptions[] = [
	{ name: 'Prediction', value: 'prediction' },
	{ name: 'Model', value: 'model' },
	{ name: 'File', value: 'file' },
	{ name: 'Deployment', value: 'deployment' },
	{ name: 'Training', value: 'training' },
	{ name: 'Collection', value: 'collection' },
	{ name: 'Hardware', value: 'hardware' },
	{ name: 'Account', value: 'account' },
];

/** What n8n shows at a node whose execution is suspended. */
const WAITING =
	'Suspended until Replicate calls back, or until the time limit. No worker is held meanwhile.';

export class Replicate implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Replicate',
		name: 'replicate',
		icon: { light: 'file:replicate.svg', dark: 'file:replicate.dark.svg' },
		group: ['transform'],
		version: 1,
		// The model or deployment that runs; for other operations, the operation.
		subtitle:
			'={{ $parameter["resource"] === "prediction" && $parameter["operation"] === "run" && $parameter[$parameter["target"] === "deployment" ? "deployment" : "model"] || $parameter["operation"] + ": " + $parameter["resource"] }}',
		waitingNodeTooltip: WAITING,
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
				options: resources,
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

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveCallback.call(this);
	}
}
