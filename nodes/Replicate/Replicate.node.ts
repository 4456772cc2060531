import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { CALLBACK_PATH } from '../jobs/input/settings';
import { receiveCallback } from '../jobs/receiveCallback';
import { builderHint } from './builderHint';
import { dispatch } from './actions/dispatch';
import { resourceProperties } from './actions/resources';
import * as listSearch from './panel/listSearch';
import * as loadOptions from './panel/loadOptions';
import * as recentPicker from './panel/recentPicker';
import * as resourceMapping from './panel/resourceMapping';

/** What n8n shows at a node whose execution is suspended. */
const WAITING =
	'Suspended until Replicate calls back or the time limit is reached. This does not block a worker.';

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
		builderHint,
		credentials: [{ name: 'replicateApi', required: true }],
		webhooks: [
			{
				// Where Replicate calls back while the execution is suspended.
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: CALLBACK_PATH,
				restartWebhook: true,
			},
		],
		properties: resourceProperties,
	};

	methods = {
		listSearch: {
			searchModels: listSearch.searchModels,
			searchDeployments: listSearch.searchDeployments,
			searchPredictions: recentPicker.searchPredictions,
			searchTrainings: recentPicker.searchTrainings,
			searchFiles: recentPicker.searchFiles,
		},
		loadOptions: {
			getCollections: loadOptions.getCollections,
			getHardware: loadOptions.getHardware,
			getModelInputs: loadOptions.getModelInputs,
			getTrainingInputs: loadOptions.getTrainingInputs,
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
		return await dispatch.call(this);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveCallback.call(this);
	}
}
